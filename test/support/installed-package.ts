import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../lib/paths";
import packageJson from "../../package.json";

interface LockedPackage {
  readonly dev?: boolean;
  readonly [field: string]: unknown;
}

const TARBALL = `modelfleet-${packageJson.version}.tgz`;

/** What only a user's TypeScript program needs, beside the packages of `npm ci --omit=dev`. */
const FOR_TYPES = ["typescript", "@types/node", "undici-types"];

/**
 * Makes this project's npm package as for publication, and installs it with npm in the project of a user, whose
 * package.json asks for it. Every other package is as package-lock.json pins it, so that npm finds it in its cache.
 */
export async function installPackage(project: string): Promise<void> {
  await execa("npm", ["pack", "--pack-destination", project], { cwd: ROOT });
  const locked = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const { bin, dependencies, peerDependencies, version } = packageJson;
  const integrity = `sha512-${createHash("sha512")
    .update(readFileSync(join(project, TARBALL)))
    .digest("base64")}`;
  const own = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  own.dependencies["modelfleet"] = `file:${TARBALL}`;
  const others = Object.entries(locked.packages)
    .filter(
      ([path, { dev }]) => path !== "" && (!dev || FOR_TYPES.some((name) => path === `node_modules/${name}`)),
    )
    .map(([path, one]) => [path, { ...one, dev: false, peer: false }]);
  const packages = {
    "": own,
    ...Object.fromEntries(others),
    "node_modules/modelfleet": {
      ...{ version, resolved: `file:${TARBALL}`, integrity, bin, dependencies, peerDependencies },
    },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(own));
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
  await execa("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: project });
}
