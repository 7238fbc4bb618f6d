import { isIPv4, isIPv6 } from "node:net";

/** Ranges of IP addresses, such as 10.0.0.0/8. Pure. */

interface Range {
  /** The address as a number. */
  readonly address: bigint;
  /** How many bits an address has: 32 or 128. */
  readonly size: number;
  /** How many bits all addresses of the range share. */
  readonly prefix: number;
}

/** The rule that a range breaks; undefined if it breaks none. */
export function problemOfCidr(text: string): string | undefined {
  const range = parsed(text);
  if (range === undefined) return "is not a range of IP addresses such as 10.0.0.0/8";
  const { address, size, prefix } = range;
  return BigInt.asUintN(size - prefix, address) === 0n
    ? undefined
    : `has an address inside the range; write the first one, as in 10.0.0.0/8`;
}

/** Whether a range is a part of another one. */
export function isInside(inner: string, outer: string): boolean {
  const [one, other] = [parsed(inner), parsed(outer)];
  if (one?.size !== other?.size || one === undefined || other === undefined) return false;
  const shift = BigInt(other.size - other.prefix);
  return one.prefix > other.prefix && one.address >> shift === other.address >> shift;
}

function parsed(text: string): Range | undefined {
  const [, ip = "", length = ""] = /^([0-9a-fA-F.:]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const [size, address] = isIPv4(ip) ? [32, ofIPv4(ip)] : isIPv6(ip) ? [128, ofIPv6(ip)] : [0, 0n];
  const prefix = Number(length);
  return size === 0 || prefix > size ? undefined : { address, size, prefix };
}

function ofIPv4(ip: string): bigint {
  return ip.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ofIPv6(ip: string): bigint {
  // A URL has the same address in hexadecimal numbers only.
  const [head = "", tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const parts = (text: string) => text.split(":").filter((part) => part !== "");
  const [first, last] = [parts(head), parts(tail ?? "")];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return [...first, ...zeros, ...last].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}
