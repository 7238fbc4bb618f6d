import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isAtLeast, readJson, ROOT } from "../../../lib/bootstrap.mjs";
import { type Facts, unreadable } from "../facts";
import type { Check, Finding } from "../finding";

/** The oldest version of Kubernetes that the fleet is made for. */
const OLDEST_KUBERNETES = "1.30";
const LOCK = "package-lock.json";
/** Packages that come with a program or a plugin of the same version. */
const PACKAGES = ["@pulumi/pulumi", "@pulumi/kubernetes"];

/** Versions that do not fit together. Node.js is checked before this program starts. */
export const versions: Check = {
  of: "versions",
  look: async (facts) => {
    const asked = await Promise.all([ofPulumi(facts), ofProvider(facts), ofKubernetes(facts)]);
    return [...ofPackages(), ...asked.flat()];
  },
};

async function ofPulumi({ project, pulumiVersion }: Facts): Promise<Finding[]> {
  const { requiredPulumiVersion: wanted = "" } = await project();
  // Another form than `>=3.217.0` is left to pulumi itself, which refuses every command.
  const [, oldest] = /^>=\s*v?(\d+\.\d+)\.\d+$/.exec(wanted) ?? [];
  if (oldest === undefined || isAtLeast(pulumiVersion, oldest)) return [];
  return [
    {
      problem: `pulumi is ${pulumiVersion}, and Pulumi.yaml requires ${wanted}`,
      fix: "install a newer one: https://www.pulumi.com/docs/install/",
    },
  ];
}

/** Packages of this checkout that are not those of its package-lock.json: `git pull` without `npm ci`. */
function ofPackages(): Finding[] {
  // In another project, npm has installed this program and its packages, and there is no such file.
  if (!existsSync(join(ROOT, LOCK))) return [];
  const { packages } = readJson(LOCK) as { packages: Record<string, { readonly version: string }> };
  return PACKAGES.flatMap((name) => {
    const [wanted, installed] = [packages[`node_modules/${name}`]?.version, installedVersion(name)];
    if (installed === wanted) return [];
    return [
      {
        problem: `the package ${name} is ${installed}, and ${LOCK} has ${wanted ?? "none"}`,
        fix: `\`npm ci\` in ${ROOT}`,
      },
    ];
  });
}

/** An older provider than that of the last update may not know what is in the state. */
async function ofProvider(facts: Facts): Promise<Finding[]> {
  const { providerVersion } = (await facts.state().catch(unreadable)) ?? {};
  const installed = installedVersion("@pulumi/kubernetes");
  if (providerVersion === undefined || isAtLeast(installed, providerVersion)) return [];
  return [
    {
      problem: `the last update was made with version ${providerVersion} of Pulumi's Kubernetes provider, and here is ${installed}`,
      fix: "use the checkout of the last update, or a newer one (`git pull`, `npm ci`)",
    },
  ];
}

async function ofKubernetes(facts: Facts): Promise<Finding[]> {
  const { version } = (await facts.cluster().catch(unreadable)) ?? {};
  if (version === undefined || isAtLeast(version.replace(/^v/, ""), OLDEST_KUBERNETES)) return [];
  return [
    {
      problem: `the cluster has Kubernetes ${version}, and the fleet needs ${OLDEST_KUBERNETES} or newer`,
      fix: "update the cluster, or choose another one",
    },
  ];
}

function installedVersion(name: string): string {
  const require = createRequire(import.meta.url);
  return (require(`${name}/package.json`) as { readonly version: string }).version;
}
