# Letters whose accent is a mark of its own (as some machines write file names and text)
# as the one letter that Unicode has for them: the Latin letters of Europe's languages.

# By mark: the letters that it goes with, and what each becomes.
accented <- list(
  list(mark = "\u0300", plain = "AEIOUaeiou",
    letter = "\u00c0\u00c8\u00cc\u00d2\u00d9\u00e0\u00e8\u00ec\u00f2\u00f9"),
  list(mark = "\u0301", plain = "ACEILNORSUYZaceilnorsuyz", letter = paste0(
    "\u00c1\u0106\u00c9\u00cd\u0139\u0143\u00d3\u0154\u015a\u00da\u00dd\u0179",
    "\u00e1\u0107\u00e9\u00ed\u013a\u0144\u00f3\u0155\u015b\u00fa\u00fd\u017a")),
  list(mark = "\u0302", plain = "ACEGHIJOSUWYaceghijosuwy", letter = paste0(
    "\u00c2\u0108\u00ca\u011c\u0124\u00ce\u0134\u00d4\u015c\u00db\u0174\u0176",
    "\u00e2\u0109\u00ea\u011d\u0125\u00ee\u0135\u00f4\u015d\u00fb\u0175\u0177")),
  list(mark = "\u0303", plain = "AINOUainou",
    letter = "\u00c3\u0128\u00d1\u00d5\u0168\u00e3\u0129\u00f1\u00f5\u0169"),
  list(mark = "\u0304", plain = "AEIOUaeiou",
    letter = "\u0100\u0112\u012a\u014c\u016a\u0101\u0113\u012b\u014d\u016b"),
  list(mark = "\u0306", plain = "AEGIOUaegiou",
    letter = "\u0102\u0114\u011e\u012c\u014e\u016c\u0103\u0115\u011f\u012d\u014f\u016d"),
  list(mark = "\u0307", plain = "CEGIZcegz",
    letter = "\u010a\u0116\u0120\u0130\u017b\u010b\u0117\u0121\u017c"),
  list(mark = "\u0308", plain = "AEIOUYaeiouy",
    letter = "\u00c4\u00cb\u00cf\u00d6\u00dc\u0178\u00e4\u00eb\u00ef\u00f6\u00fc\u00ff"),
  list(mark = "\u030a", plain = "AUau", letter = "\u00c5\u016e\u00e5\u016f"),
  list(mark = "\u030b", plain = "OUou", letter = "\u0150\u0170\u0151\u0171"),
  list(mark = "\u030c", plain = "CDELNRSTZcdelnrstz", letter = paste0(
    "\u010c\u010e\u011a\u013d\u0147\u0158\u0160\u0164\u017d\u010d\u010f\u011b",
    "\u013e\u0148\u0159\u0161\u0165\u017e")),
  list(mark = "\u0327", plain = "CGKLNRSTcgklnrst", letter = paste0(
    "\u00c7\u0122\u0136\u013b\u0145\u0156\u015e\u0162\u00e7\u0123\u0137\u013c",
    "\u0146\u0157\u015f\u0163")),
  list(mark = "\u0328", plain = "AEIUaeiu",
    letter = "\u0104\u0118\u012e\u0172\u0105\u0119\u012f\u0173")
)

# Capital letters of Latin, Greek and Cyrillic and their small ones: a machine that is set to
# no language knows those of ASCII alone.
capitals <- local({
  near <- c(0xC0:0xD6, 0xD8:0xDE, 0x391:0x3A1, 0x3A3:0x3AB, 0x410:0x42F)
  next_to <- c(seq(0x100, 0x12E, 2), seq(0x139, 0x147, 2), seq(0x14A, 0x176, 2),
    seq(0x179, 0x17D, 2))
  list(upper = intToUtf8(c(near, next_to)), lower = intToUtf8(c(near + 32, next_to + 1)))
})

compose_accents <- function(text) {
  odd <- grep("[\u0300-\u0328]", text)
  if (!length(odd)) return(text)
  found <- text[odd]
  for (one in accented) {
    if (!any(grepl(one$mark, found, fixed = TRUE))) next
    plain <- strsplit(one$plain, "")[[1L]]
    letter <- strsplit(one$letter, "")[[1L]]
    for (i in seq_along(plain)) {
      found <- gsub(paste0(plain[i], one$mark), letter[i], found, fixed = TRUE)
    }
  }
  text[odd] <- found
  text
}
