import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  GATEWAY_API_VERSION,
  GO_MODULES,
  GO_VERSION,
  isCompatible,
  KUBERNETES_VERSION,
  LEGO,
  PROVIDER_VERSION,
  PULUMI_VERSION,
  type ToolName,
  TOOLS,
} from "../../../../dev/toolchain/versions";
import { ROOT } from "../../../../lib/paths";
import packageLock from "../../../../package-lock.json";
import packageJson from "../../../../package.json";
import template from "../../../../template/package.json";

const names = Object.keys(TOOLS) as ToolName[];

function goMod(name: ToolName): string {
  return readFileSync(join(GO_MODULES, TOOLS[name].folder, "go.mod"), "utf8");
}

describe.each(names)("the pinned version of %s", (name) => {
  const { module, version, moduleVersion = `v${version}`, go = GO_VERSION } = TOOLS[name];

  test("stands in its go.mod", () => {
    expect(goMod(name).split("\n")).toContainEqual(
      expect.stringMatching(new RegExp(`^\\s*(require )?${module} ${moduleVersion}( // indirect)?$`)),
    );
  });

  test("has its checksum in go.sum", () => {
    const sums = readFileSync(join(GO_MODULES, TOOLS[name].folder, "go.sum"), "utf8").split("\n");
    expect(sums).toContainEqual(expect.stringMatching(new RegExp(`^${module} ${moduleVersion} h1:`)));
  });

  test("is built with the Go version of its go.mod", () => {
    expect(goMod(name).split("\n")).toContain(`go ${go}`);
  });
});

describe("versions that belong together", () => {
  test("the Kubernetes provider has the version of the npm package", () => {
    expect(packageLock.packages["node_modules/@pulumi/kubernetes"].version).toBe(PROVIDER_VERSION);
  });

  test("pulumi has the version of the npm package", () => {
    expect(packageLock.packages["node_modules/@pulumi/pulumi"].version).toBe(PULUMI_VERSION);
  });

  test("Pulumi.yaml requires the oldest pulumi that is taken here", () => {
    for (const folder of ["", "template"]) {
      const { requiredPulumiVersion } = parse(readFileSync(join(ROOT, folder, "Pulumi.yaml"), "utf8")) as {
        requiredPulumiVersion: string;
      };
      expect(TOOLS.pulumi.compatible).toBe(`${requiredPulumiVersion} <4.0.0`);
    }
  });

  test("a user's program may have the tested versions of Pulumi's packages and newer ones", () => {
    const tested = { "@pulumi/kubernetes": `^${PROVIDER_VERSION}`, "@pulumi/pulumi": `^${PULUMI_VERSION}` };
    expect(packageJson.peerDependencies).toEqual(tested);
    expect(template.dependencies).toEqual({ ...tested, modelfleet: `^${packageJson.version}` });
    const { typescript, "@types/node": types } = packageJson.devDependencies;
    expect(template.devDependencies).toEqual({ "@types/node": `^${types}`, typescript: `^${typescript}` });
  });

  test("every staging module of Kubernetes has the minor and patch version of Kubernetes", () => {
    const versions = [...goMod("kubectl").matchAll(/^\tk8s\.io\/[\w-]+ => k8s\.io\/[\w-]+ (\S+)$/gm)].map(
      ([, v]) => v,
    );
    expect(new Set(versions)).toEqual(new Set([`v0.${KUBERNETES_VERSION.split(".").slice(1).join(".")}`]));
  });

  test("the ACME client that Traefik's build copies has the version in Traefik's go.mod", () => {
    expect(goMod("traefik")).toContain(`\t${LEGO.module} ${LEGO.version} // indirect\n`);
    expect(goMod("traefik")).toContain(`\t${LEGO.module} => ./lego\n`);
  });
});

test.each(["traefik", "envoy-gateway"] as const)(
  "the Gateway API's kinds have the version that %s is built with",
  (name) => {
    expect(goMod(name)).toContain(`\t${TOOLS["gateway-api"].module} v${GATEWAY_API_VERSION} // indirect\n`);
  },
);

describe("isCompatible", () => {
  test.each([
    ["kubectl", "1.28.0", true],
    ["kubectl", "1.37.9", true],
    ["kubectl", "1.27.9", false],
    ["kubectl", "1.38.0", false],
    ["kubectl", "2.36.3", false],
    ["pulumi", "3.200.0", true],
    ["pulumi", "3.274.1", true],
    ["pulumi", "3.199.9", false],
    ["pulumi", "4.210.0", false],
    ["etcd", "3.6.6", true],
    ["etcd", "3.6.7", false],
    ["kubelet", "1.36.2", false],
    ["traefik", "3.7.10", true],
    ["traefik", "3.7.9", false],
    ["etcd", "", false],
  ] as const)("for %s %s is %s", (name, version, expected) => {
    expect(isCompatible(name, version)).toBe(expected);
  });
});
