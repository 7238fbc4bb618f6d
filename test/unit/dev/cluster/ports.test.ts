import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { claimPorts, portBlocks } from "../../../../dev/cluster/ports";

describe("portBlocks", () => {
  test("returns each of the 1,000 blocks below the ephemeral range once, in the same order for the same directory", () => {
    const blocks = portBlocks("/clusters/a");
    expect(new Set(blocks).size).toBe(1000);
    expect(Math.min(...blocks)).toBe(20_000);
    expect(Math.max(...blocks)).toBe(29_990);
    expect(portBlocks("/clusters/a")).toEqual(blocks);
    expect(portBlocks("/clusters/b")[0]).not.toBe(blocks[0]);
  });
});

describe("claimPorts", () => {
  test("gives two claims for the same directory different ports until the first is released", async () => {
    const first = await claimPorts("/clusters/claimed");
    const second = await claimPorts("/clusters/claimed");
    first.release();
    second.release();
    expect(Object.values(first.ports)).toHaveLength(8);
    expect(new Set([...Object.values(first.ports), ...Object.values(second.ports)]).size).toBe(16);
  });

  test("skips a block in which one port is taken", async () => {
    const probe = await claimPorts("/clusters/taken");
    probe.release();
    const stranger = createServer();
    await new Promise<void>((done) => stranger.listen(probe.ports.ingress, "127.0.0.1", done));
    try {
      const claim = await claimPorts("/clusters/taken");
      claim.release();
      expect(claim.ports.ingress).not.toBe(probe.ports.ingress);
    } finally {
      await new Promise((done) => stranger.close(done));
    }
  });
});
