# Makes values.csv, links.csv, local.csv and overall.csv of this folder: numbers of R spdep to hold
# grannskap's against.
#   Rscript make.R        in this folder; Debian: apt-get install r-cran-spdep
# Written with R 4.2.2 and spdep 1.2-7. The values are made here, no data set is copied.
suppressMessages(library(spdep))
set.seed(20)
rows <- 7
columns <- 8
n <- rows * columns
codes <- sprintf("9999C%04d", seq_len(n))
neighbours <- cell2nb(rows, columns, type = "queen")
weights <- nb2listw(neighbours, style = "W")
binary <- nb2listw(neighbours, style = "B")
x <- as.vector(lag.listw(weights, rgamma(n, 2))) + rgamma(n, 2) / 3
y <- rnorm(n)
values <- data.frame(deso = codes, x = x, y = y)
links <- data.frame(
  focal = rep(codes, card(neighbours)), neighbor = codes[unlist(neighbours)]
)
draws <- 99999
permuted <- localmoran_perm(x, weights, nsim = draws, mlvar = FALSE, alternative = "two.sided")
# spdep draws each neighbourhood with replacement; this is the same null without.
z <- x - mean(x)
without <- vapply(seq_len(n), function(i) {
  k <- card(neighbours)[i]
  seen <- sum(z[neighbours[[i]]])
  sums <- replicate(draws, sum(sample(z[-i], k)))
  tails <- c(sum(sums <= seen + 1e-12), sum(sums >= seen - 1e-12))
  min(1, 2 * (min(tails) + 1) / (draws + 1))
}, numeric(1))
local <- data.frame(
  deso = codes,
  moran = localmoran(x, weights, mlvar = FALSE)[, "Ii"],
  expected = localmoran(x, weights, mlvar = FALSE, conditional = TRUE)[, "E.Ii"],
  p_spdep = permuted[, "Pr(z != E(Ii)) Sim"],
  p = without,
  geary = as.numeric(localC(x, weights)),
  g = as.numeric(localG(x, weights, return_internals = TRUE, GeoDa = FALSE) |>
    attr("internals") |> (\(i) i[, 1])()),
  g_star = as.numeric(localG(x, nb2listw(include.self(neighbours), style = "W"),
    return_internals = TRUE) |> attr("internals") |> (\(i) i[, 1])())
)
overall <- data.frame(
  statistic = c("moran", "geary", "g"),
  value = c(
    moran.test(x, weights)$estimate[1], geary.test(x, weights)$estimate[1],
    globalG.test(x, binary)$estimate[1]
  )
)
write <- function(table, name) {
  numbers <- sapply(table, is.numeric)
  table[numbers] <- lapply(table[numbers], function(v) sprintf("%.15g", v))
  write.csv(table, name, row.names = FALSE, quote = FALSE, eol = "\n")
}
write(values, "values.csv")
write(links, "links.csv")
write(local, "local.csv")
write(overall, "overall.csv")
