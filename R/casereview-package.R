#' @keywords internal
#' @useDynLib casereview, .registration = TRUE, .fixes = "C_"
#' @importFrom graphics plot
#' @importFrom stats confint
"_PACKAGE"
