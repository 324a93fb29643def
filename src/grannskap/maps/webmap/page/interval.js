// The exact (Clopper–Pearson) interval of a balance: bounds of the share low / (low + high),
// which are quantiles of beta distributions, turned into ratios.
// @ts-check

export function balanceInterval(low, high, confidence) {
  const tail = (1 - confidence) / 2;
  const lower = low === 0 ? 0 : betaQuantile(tail, low, high + 1);
  const upper = high === 0 ? 1 : betaQuantile(1 - tail, low + 1, high);
  return [lower / (1 - lower), upper === 1 ? Infinity : upper / (1 - upper)];
}

// Halving finds the quantile to the last bit that matters: the distribution only grows.
function betaQuantile(p, a, b) {
  let from = 0;
  let to = 1;
  for (let i = 0; i < 100; i++) {
    const middle = (from + to) / 2;
    if (betaShare(middle, a, b) < p) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

// The regularised incomplete beta function I_x(a, b), by its continued fraction.
function betaShare(x, a, b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

// Lentz's method; some hundred terms are enough for counts in the hundreds of thousands.
function betaFraction(x, a, b) {
  const tiny = 1e-300;
  const guarded = (value) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 2000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

// Stirling's series from 10 upwards, and the recurrence below.
function logGamma(x) {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  const s = 1 / (x * x);
  const series = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
