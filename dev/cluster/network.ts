import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { digest } from "../../lib/digest";
import { UserError } from "../../lib/user-error";
import { clusterEnvironment } from "./processes";

/** A cluster with a real node takes one of the networks 10.<slot>.0.0/16. */
const SLOTS = Array.from({ length: 41 }, (_, index) => 210 + index);

/** The addresses of a cluster with a real node. */
export interface Network {
  /** The prefix of all addresses below: the machine has one route to the cluster. */
  readonly prefix: string;
  /** The machine's end of the link to the node; pods reach the API server here, and nothing else listens on it. */
  readonly hostAddress: string;
  /** The node's end of the link. */
  readonly nodeAddress: string;
  readonly podRange: string;
  readonly serviceRange: string;
  /** The address of the Service `kubernetes`. */
  readonly apiServiceAddress: string;
}

/** The name of a cluster's kernel objects (link, cgroups), unique per directory: twelve characters or fewer. */
export function clusterId(directory: string): string {
  return `mf-${digest(directory, 8)}`;
}

/** The addresses of a slot: a /30 for the link, 510 pods, 32,766 Services. */
export function networkOf(slot: number): Network {
  return {
    prefix: `10.${slot}.0.0/16`,
    hostAddress: `10.${slot}.0.1`,
    nodeAddress: `10.${slot}.0.2`,
    podRange: `10.${slot}.2.0/23`,
    serviceRange: `10.${slot}.128.0/17`,
    apiServiceAddress: `10.${slot}.128.1`,
  };
}

/**
 * The slots whose network overlaps none of these addresses and prefixes (`192.0.2.2`, `10.0.0.0/8`). The default route
 * (`default`, `0.0.0.0/0`) and IPv6 are ignored.
 */
export function freeSlots(taken: readonly string[]): number[] {
  const ranges = taken.flatMap(parsePrefix);
  return SLOTS.filter((slot) => {
    const first = (10 * 256 + slot) * 65_536;
    return ranges.every((range) => range.last < first || range.first > first + 65_535);
  });
}

function parsePrefix(text: string): { first: number; last: number }[] {
  const [address = "", bits = "32"] = text.split("/");
  const octets = address.split(".").map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255)) || bits === "0") return [];
  const size = 2 ** (32 - Number(bits));
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = number - (number % size);
  return [{ first, last: first + size - 1 }];
}

/**
 * Creates the link of the cluster in this directory, in a free network; `moveLinkEnd` then moves its far end. The route
 * claims the slot, because the kernel accepts a route only once: if two clusters start at the same time, one takes the
 * next slot. Deleting the link deletes all of it. Throws a UserError when no slot is free, and the error of `ip`.
 */
export async function createLink(directory: string): Promise<Network> {
  const link = clusterId(directory);
  await ip(directory, "link", "add", link, "type", "veth", "peer", "name", farEnd(link));
  await ip(directory, "link", "set", link, "up");
  for (const slot of freeSlots(await takenPrefixes(directory))) {
    const network = networkOf(slot);
    try {
      await ip(directory, "route", "add", network.prefix, "dev", link);
    } catch (error) {
      if (String(error).includes("File exists")) continue;
      throw error;
    }
    await ip(directory, "address", "add", `${network.hostAddress}/30`, "dev", link);
    await ip(directory, "route", "replace", network.prefix, "via", network.nodeAddress, "dev", link);
    return network;
  }
  throw new UserError("every network from 10.210.0.0/16 to 10.250.0.0/16 overlaps a route of this machine");
}

/** Moves the link's far end into the network namespace of a process, as `eth0`. */
export async function moveLinkEnd(directory: string, pid: number): Promise<void> {
  await ip(directory, "link", "set", farEnd(clusterId(directory)), "netns", String(pid), "name", "eth0");
}

/** Removes the link of the cluster in this directory, if it exists, with its addresses and routes. */
export async function removeLink(directory: string): Promise<void> {
  // A machine that never had a real node may have no `ip`.
  if (!existsSync(join("/sys/class/net", clusterId(directory)))) return;
  await ip(directory, "link", "delete", clusterId(directory)).catch((error: unknown) => {
    // The kernel may have removed the link since, with the namespace of its other end.
    if (!String(error).includes("Cannot find device")) throw error;
  });
}

function farEnd(link: string): string {
  return `${link}-n`;
}

async function takenPrefixes(directory: string): Promise<string[]> {
  const routes = JSON.parse(await ip(directory, "-json", "-4", "route", "show", "table", "all")) as {
    dst?: string;
  }[];
  return routes.flatMap((route) => route.dst ?? []);
}

async function ip(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa("ip", args, { extendEnv: false, env: clusterEnvironment(directory) });
  return stdout || "[]";
}
