import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tellProgress, tellSize } from "../../../components/progress";

let told: unknown[][];
const { debug } = pulumi.log;
beforeEach(() => {
  told = [];
  vi.spyOn(pulumi.log, "info").mockImplementation(async (...args) => void told.push(args));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  Object.assign(pulumi.log, { debug });
});

const LARGE = { models: 100, objects: 302 };
const SMALL = { models: 99, objects: 299 };
const ephemeral = (text: string) => [text, undefined, undefined, true];
const object = () => ({ urn: pulumi.output("urn") }) as pulumi.Resource;

test("a fleet of 100 models tells its size, and the SDK's debug messages no longer delay it", async () => {
  await tellSize(LARGE);
  expect(told).toEqual([ephemeral("100 models with 302 objects")]);
  expect(pulumi.log.debug).not.toBe(debug);
});

test("a fleet of 99 models tells neither its size nor its progress", async () => {
  await tellSize(SMALL);
  tellProgress(SMALL)(object());
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual([]);
  expect(pulumi.log.debug).toBe(debug);
});

test("a fleet of 100 models tells every ten seconds how many objects are done, until all are", async () => {
  const registered = tellProgress({ ...LARGE, objects: 3 });
  registered(object());
  await vi.advanceTimersByTimeAsync(10_000);
  registered(object());
  await vi.advanceTimersByTimeAsync(10_000);
  registered(object());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([
    ephemeral("1 of 3 objects done, 10 s so far"),
    ephemeral("2 of 3 objects done, 20 s so far"),
  ]);
});
