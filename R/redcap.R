is_redcap <- function(x) FALSE
