/** Kubernetes quantities: `500m`, `2`, `1.5Gi`, `1e3`. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/;

/** Powers of ten of the decimal units. */
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
/** Powers of 1024 of the binary units. */
const BINARY: Record<string, number> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

/** Kubernetes keeps at most 2^63 - 1, and nothing finer than a billionth. */
const MAX = 2n ** 63n - 1n;
const NANO_DIGITS = 9;

/** The rule that a quantity breaks, with valid examples; undefined if it breaks none. */
export function problemOfQuantity(value: string): string | undefined {
  if (!QUANTITY.test(value)) return 'is not a Kubernetes quantity such as "500m", "2" or "1.5Gi"';
  const [, , exponent = "0"] = QUANTITY.exec(value) ?? [];
  const isTooLarge =
    Math.abs(Number(exponent.replace(/^e/i, ""))) > 20 || nanos(value) > MAX * 10n ** BigInt(NANO_DIGITS);
  return isTooLarge ? "is more than Kubernetes can keep (about 9.2E); lower it" : undefined;
}

/** Negative if a is less than b, positive if it is more. Both must be valid quantities. */
export function compareQuantities(a: string, b: string): number {
  const difference = nanos(a) - nanos(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Whether a valid quantity is a multiple of another one, such as `1m` or `1`. */
export function isMultipleOf(value: string, step: string): boolean {
  // What is finer than a billionth is not kept, so it is no multiple of anything.
  return isExact(value) && nanos(value) % nanos(step) === 0n;
}

/** A valid quantity, several times: three times `1.5Gi` is `4.5Gi`. */
export function multiplied(value: string, times: number): string {
  const [, number = "0", exponent = "", unit = ""] = QUANTITY.exec(value) ?? [];
  const [whole = "", fraction = ""] = number.split(".");
  const digits = String(BigInt(`${whole}${fraction}` || "0") * BigInt(times)).padStart(
    fraction.length + 1,
    "0",
  );
  const point = digits.length - fraction.length;
  const rest = digits.slice(point).replace(/0+$/, "");
  return `${digits.slice(0, point)}${rest && `.${rest}`}${exponent}${unit}`;
}

/** A valid quantity as a whole number of `Mi`, rounded up. */
export function inMebibytes(value: string): string {
  const unit = nanos("1Mi");
  return String(roundedUp(nanos(value), unit) || 1n);
}

/** A valid quantity of whole bytes as a number of bytes: `20Mi` is `20971520`. */
export function wholeBytes(value: string): string {
  return String(nanos(value) / 10n ** BigInt(NANO_DIGITS));
}

/** A valid quantity, and how often it counts. */
export type Times = readonly [quantity: string, times: number];

/** The sum of quantities of CPU, rounded up to thousandths: `1500m`, `2`. */
export function inCores(parts: readonly Times[]): string {
  const milli = roundedUp(sumOf(parts), nanos("1m"));
  return milli % 1000n === 0n ? String(milli / 1000n) : `${milli}m`;
}

/** The sum of quantities of memory, rounded up to `Mi`: `512Mi`, `3Gi`; 0 without any. */
export function inBytes(parts: readonly Times[]): string {
  const mebi = roundedUp(sumOf(parts), nanos("1Mi"));
  if (mebi === 0n) return "0";
  return mebi % 1024n === 0n ? `${mebi / 1024n}Gi` : `${mebi}Mi`;
}

function sumOf(parts: readonly Times[]): bigint {
  return parts.reduce((sum, [quantity, times]) => sum + nanos(quantity) * BigInt(times), 0n);
}

function roundedUp(amount: bigint, unit: bigint): bigint {
  return (amount + unit - 1n) / unit;
}

function isExact(value: string): boolean {
  const { digits, decimals, factor } = parsed(value);
  return (digits * factor) % 10n ** BigInt(Math.max(0, decimals - NANO_DIGITS)) === 0n;
}

/** A quantity in billionths. */
function nanos(value: string): bigint {
  const { digits, decimals, factor } = parsed(value);
  const shift = NANO_DIGITS - decimals;
  const amount = digits * factor;
  return shift >= 0 ? amount * 10n ** BigInt(shift) : amount / 10n ** BigInt(-shift);
}

/** A quantity as `digits * factor / 10^decimals`. */
function parsed(value: string): { digits: bigint; decimals: number; factor: bigint } {
  const [, number = "0", exponent = "e0", unit = ""] = QUANTITY.exec(value) ?? [];
  const [whole = "", fraction = ""] = number.split(".");
  return {
    digits: BigInt(`${whole}${fraction}` || "0"),
    decimals: fraction.length - Number(exponent.slice(1)) - (DECIMAL[unit] ?? 0),
    factor: 1024n ** BigInt(BINARY[unit] ?? 0),
  };
}
