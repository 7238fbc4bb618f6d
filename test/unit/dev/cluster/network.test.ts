import { describe, expect, test } from "vitest";
import { clusterId, freeSlots, networkOf } from "../../../../dev/cluster/network";

describe("freeSlots", () => {
  test("returns all 41 networks from 10.210 to 10.250 when nothing overlaps them", () => {
    const slots = freeSlots([
      "default",
      "0.0.0.0/0",
      "127.0.0.0/8",
      "192.0.2.0/24",
      "10.0.0.0/16",
      "fe80::/64",
    ]);
    expect(slots).toEqual(Array.from({ length: 41 }, (_, index) => 210 + index));
  });

  test("leaves out a network that contains an address of the machine", () => {
    expect(freeSlots(["10.210.255.255"])).not.toContain(210);
    expect(freeSlots(["10.211.0.0"])).toContain(210);
  });

  test("leaves out every network inside a wider route", () => {
    expect(freeSlots(["10.208.0.0/13"])[0]).toBe(216);
    expect(freeSlots(["10.0.0.0/8"])).toEqual([]);
  });

  test("accepts a route whose address is not the first of its prefix", () => {
    expect(freeSlots(["10.215.3.4/12"])[0]).toBe(224);
  });
});

describe("networkOf", () => {
  test("puts the ranges of a cluster in its own prefix, without overlap", () => {
    expect(networkOf(217)).toEqual({
      prefix: "10.217.0.0/16",
      hostAddress: "10.217.0.1",
      nodeAddress: "10.217.0.2",
      podRange: "10.217.2.0/23",
      serviceRange: "10.217.128.0/17",
      apiServiceAddress: "10.217.128.1",
    });
  });
});

describe("clusterId", () => {
  test("differs between directories and is short enough for a suffix in an interface's name of 15 characters", () => {
    expect(clusterId("/a")).toMatch(/^mf-[0-9a-f]{8}$/);
    expect(clusterId("/a")).not.toBe(clusterId("/b"));
    expect(`${clusterId("/a")}-n`.length).toBeLessThanOrEqual(15);
  });
});
