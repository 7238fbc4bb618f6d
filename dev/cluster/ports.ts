import { createServer, type Server } from "node:net";
import { digest } from "../../lib/digest";
import { UserError } from "../../lib/user-error";

/** Below the kernel's range for outgoing connections, so that none of these takes a cluster's port. */
const FIRST_PORT = 20_000;
const BLOCK_SIZE = 10;
const BLOCKS = 1_000;
const LAST_PORT = FIRST_PORT + BLOCKS * BLOCK_SIZE - 1;

/** The loopback ports of one cluster. */
export interface Ports {
  readonly apiServer: number;
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kwok: number;
  readonly ingress: number;
  readonly ingressHttps: number;
}

/** Ports that no other cluster claims until `release` is called, when the cluster listens on them itself. */
export interface ClaimedPorts {
  readonly ports: Ports;
  release(): void;
}

/** The first ports of all blocks. The directory decides which is first: a cluster gets the same ports each time. */
export function portBlocks(directory: string): number[] {
  const first = Number.parseInt(digest(directory, 8), 16) % BLOCKS;
  return Array.from({ length: BLOCKS }, (_, index) => FIRST_PORT + ((first + index) % BLOCKS) * BLOCK_SIZE);
}

/**
 * Claims a block of free loopback ports by listening on its first one: the kernel allows one listener and closes it
 * when this command dies. Throws a UserError when no block is free.
 */
export async function claimPorts(directory: string): Promise<ClaimedPorts> {
  for (const base of portBlocks(directory)) {
    const claim = await listen(base);
    if (!claim) continue;
    const rest = Array.from({ length: BLOCK_SIZE - 1 }, (_, index) => base + 1 + index);
    if (await allFree(rest)) return { ports: namedPorts(base), release: () => void claim.close() };
    claim.close();
  }
  throw new UserError(`no block of ten free ports on 127.0.0.1 from ${FIRST_PORT} to ${LAST_PORT}`);
}

function namedPorts(base: number): Ports {
  return {
    apiServer: base + 1,
    etcd: base + 2,
    etcdPeer: base + 3,
    controllerManager: base + 4,
    scheduler: base + 5,
    kwok: base + 6,
    ingress: base + 7,
    ingressHttps: base + 8,
  };
}

async function allFree(ports: readonly number[]): Promise<boolean> {
  const servers = await Promise.all(ports.map(listen));
  await Promise.all(servers.map(close));
  return servers.every((server) => server !== undefined);
}

async function close(server: Server | undefined): Promise<void> {
  if (server) await new Promise((resolve) => server.close(resolve));
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server.unref()));
  });
}
