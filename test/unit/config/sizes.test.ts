import { expect, test } from "vitest";
import { shareOfSettings } from "../../../config/sizes";
import { IMAGE, problems, withImage } from "../../support/settings";

const KIB = 1024;
const x = (size: number) => "x".repeat(size);
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => `model-with-a-long-name-${index}`);

test("one variable or argument has at most 128 KiB", () => {
  const iris = { env: { A: x(128 * KIB) }, args: [x(128 * KIB)] };
  expect(problems(withImage({ catalog: { iris }, secrets: { iris: { B: x(128 * KIB) } } }))).toEqual([
    "catalog.iris.env.A: too large: it would have 129 KiB, and at most 128 KiB are possible; read it from a file of the image",
    "catalog.iris.args[0]: too large: it would have 129 KiB, and at most 128 KiB are possible; read it from a file of the image",
    "secrets.iris.B: too large: it would have 129 KiB, and at most 128 KiB are possible; read it from a file of the image",
  ]);
  expect(problems(withImage({ catalog: { iris: { env: { A: x(127 * KIB) } } } }))).toEqual([]);
});

test("annotations, a Secret and a Deployment have the limits of Kubernetes", () => {
  const annotations = Object.fromEntries(many(3).map((name) => [name, x(100 * KIB)]));
  const values = Object.fromEntries(many(11).map((name) => [name.replaceAll("-", "_"), x(100 * KIB)]));
  expect(problems(withImage({ catalog: { iris: { annotations } } }))).toEqual([
    "catalog.iris.annotations: too large: they would have 301 KiB, and at most 256 KiB are possible; remove some",
  ]);
  expect(problems(withImage({ secrets: { iris: values } }))).toEqual([
    "secrets.iris: too large: its Secret would have 1,101 KiB, and at most 1,024 KiB are possible; remove some",
  ]);
  const env = { ...values, ...Object.fromEntries(many(3).map((_, index) => [`Z${index}`, x(100 * KIB)])) };
  expect(problems(withImage({ catalog: { iris: { env } } }))).toEqual([
    expect.stringContaining("catalog.iris: too large: its Deployment would have 1,4"),
  ]);
});

test("the list of a default backend and the Ingress have a size", () => {
  const fleet = (count: number) => ({ models: many(count), defaults: { image: IMAGE } });
  const routing = { defaultBackend: { image: IMAGE } };
  expect(problems({ ...fleet(5000), routing })).toEqual([
    expect.stringMatching(/^routing\.defaultBackend: too large: its variable MODELS would have 1\d\d KiB/),
  ]);
  expect(problems(fleet(10_000))).toEqual([]);
  expect(problems(fleet(11_000))).toEqual([
    expect.stringMatching(
      /^models: too large: their one Ingress would have 1,\d+ KiB, .* split the fleet into two stacks$/,
    ),
  ]);
});

test("settings near the limit of Pulumi are warned about", () => {
  expect(shareOfSettings(x(100 * KIB))).toBeUndefined();
  expect(shareOfSettings(x(110 * KIB))).toContain(
    "the settings take 110 KiB of the 128 KiB that Pulumi can hand over",
  );
});
