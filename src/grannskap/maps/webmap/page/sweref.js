// Longitude and latitude (WGS 84, the same as SWEREF 99 within a metre) to SWEREF 99 TM:
// Krüger's formulas as Lantmäteriet publishes them ("Gauss conformal projection").
// @ts-check

/** @param {number[]} point */
export function swerefOf([longitude, latitude]) {
  const radians = Math.PI / 180;
  const flattening = 1 / 298.257222101;
  const e2 = flattening * (2 - flattening);
  const n = flattening / (2 - flattening);
  const radius = (6378137 / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  const phi = latitude * radians;
  const s = Math.sin(phi) ** 2;
  const [a, b, c, d] = [
    e2,
    (5 * e2 ** 2 - e2 ** 3) / 6,
    (104 * e2 ** 3 - 45 * e2 ** 4) / 120,
    (1237 * e2 ** 4) / 1260,
  ];
  const conformal = phi - Math.sin(phi) * Math.cos(phi) * (a + b * s + c * s * s + d * s ** 3);
  const away = (longitude - 15) * radians;
  const xi = Math.atan2(Math.tan(conformal), Math.cos(away));
  const eta = Math.atanh(Math.cos(conformal) * Math.sin(away));
  const beta = [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
    (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
    (49561 / 161280) * n ** 4,
  ];
  let north = xi;
  let east = eta;
  beta.forEach((term, i) => {
    const k = 2 * (i + 1);
    north += term * Math.sin(k * xi) * Math.cosh(k * eta);
    east += term * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return [0.9996 * radius * east + 500000, 0.9996 * radius * north];
}
