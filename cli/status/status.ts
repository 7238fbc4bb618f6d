import { hasColors } from "../../lib/color";
import { type OpenFleet, openFleet } from "../open-fleet";
import { type FleetStatus, fleetStatus } from "./fleet-status";
import { statusLines } from "./text";
import { watch } from "./watch";

/** What `modelfleet status` takes. */
export interface StatusOptions {
  readonly stack: string | undefined;
  readonly json: boolean;
  readonly watch: boolean;
}

/** Prints what the models of a stack are doing. @param id Of the only model to show. @default all */
export async function status(id: string | undefined, options: StatusOptions): Promise<void> {
  const fleet = await openFleet(options.stack);
  const { stdout } = process;
  const isTerminal = stdout.isTTY === true;
  const look = { now: Date.now(), isColoured: hasColors(stdout) };
  const write = (text: string) => void stdout.write(text);
  if (options.watch) return watch(following(fleet, id), { ...look, isTerminal, json: options.json, write });
  const found = await fleetStatus(fleet, id);
  write(
    options.json ? `${JSON.stringify(found, undefined, 2)}\n` : `${statusLines(found, look).join("\n")}\n`,
  );
}

/** Every how many polls Pulumi is asked whether an update has ended: that takes a second of a processor. */
const REREAD_EVERY = 5;

/** Asks for the status, and again for the last update as long as the cluster has other models than that. */
export function following(fleet: OpenFleet, id: string | undefined): () => Promise<FleetStatus> {
  let current = fleet;
  let differed = 0;
  return async () => {
    const found = await fleetStatus(current, id);
    const differs = found.models.some(({ inLastUpdate, state }) => !inLastUpdate || state === "missing");
    differed = differs ? differed + 1 : 0;
    if (differed === 0 || differed % REREAD_EVERY !== 0) return found;
    current = { ...current, ...(await current.lastUpdate()) };
    return fleetStatus(current, id);
  };
}
