import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { makeOwn, transformOwn } from "../../../components/own-resources";

afterEach(() => void vi.restoreAllMocks());

test("a transformation of the fleet's resources leaves the program's other resources alone", () => {
  const registered: pulumi.ResourceTransformation[] = [];
  const register = vi.spyOn(pulumi.runtime, "registerStackTransformation");
  vi.spyOn(pulumi.runtime, "getStackResource").mockReturnValue({} as pulumi.runtime.Stack);
  register.mockImplementation((one) => void registered.push(one));
  const args = {
    type: "kubernetes:core/v1:Service",
    name: "iris",
    props: {},
    opts: {},
    resource: {} as never,
  };
  const seen = () => registered[0]?.(args);

  transformOwn(({ props }) => ({ props, opts: { protect: true } }));
  expect(seen()).toBeUndefined();
  expect(makeOwn(seen)).toMatchObject({ opts: { protect: true } });
  expect(() => makeOwn(() => pulumi.output(seen()) && fail())).toThrow("the fleet has a mistake");
  expect(seen()).toBeUndefined();
});

function fail(): never {
  throw new Error("the fleet has a mistake");
}
