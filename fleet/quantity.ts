/** Kubernetes quantities: `500m`, `2`, `1.5Gi`, `1e3`. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/;

const UNITS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The rule that a quantity breaks, with valid examples; undefined if it breaks none. */
export function problemOfQuantity(value: string): string | undefined {
  return QUANTITY.test(value) ? undefined : 'is not a Kubernetes quantity such as "500m", "2" or "1.5Gi"';
}

/** Negative if a is less than b, positive if it is more. Both must be valid quantities. */
export function compareQuantities(a: string, b: string): number {
  return amount(a) - amount(b);
}

function amount(value: string): number {
  const [, number = "", exponent = "", unit = ""] = QUANTITY.exec(value) ?? [];
  return Number(number + exponent) * (UNITS[unit] ?? 1);
}
