# Beta-binomial probabilities by R's VGAM, the oracle of tests/test_overdispersion.py.
# Written with R 4.2.2 and VGAM 1.1-7; Debian:
#   apt-get install r-base-core r-cran-vgam, then Rscript make.R in this folder.
suppressPackageStartupMessages(library(VGAM))
cases <- expand.grid(n = c(1, 2, 7, 30, 250, 1200), part = c(0, 0.1, 0.4, 0.5, 0.93, 1),
                     mean = c(0.01, 0.2, 0.5, 0.97), rho = c(0.001, 0.02, 0.1, 0.5, 0.9))
cases$x <- round(cases$part * cases$n)
cases <- unique(cases[c("x", "n", "mean", "rho")])
cases$density <- dbetabinom(cases$x, size = cases$n, prob = cases$mean, rho = cases$rho)
# The upper tail is summed from densities, smallest first: 1 minus pbetabinom has no small tails.
cases$above <- mapply(function(x, n, mean, rho) {
  sum(sort(dbetabinom(x:n, size = n, prob = mean, rho = rho)))
}, cases$x, cases$n, cases$mean, cases$rho)
write.csv(format(cases, digits = 15, trim = TRUE), "betabinomial.csv", row.names = FALSE,
          quote = FALSE)
cat(R.version.string, "VGAM", as.character(packageVersion("VGAM")), "\n")
