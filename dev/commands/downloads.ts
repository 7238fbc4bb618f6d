import { command } from "../../lib/command";

export const downloads = command({
  summary: "Write the checksums of what is downloaded, for the versions of dev/toolchain/versions.ts",
  options: { urls: { type: "boolean", help: "print the addresses of the files instead, for a mirror" } },
  examples: [
    ["npm run downloads", "after a version was changed"],
    ["npm run --silent downloads -- --urls | wget -x -i -", "fill a mirror"],
  ],
  run: async ({ values }) => {
    const { printUrls, updateDownloads } = await import("../toolchain/update-downloads");
    if (values.urls) printUrls();
    else await updateDownloads();
  },
});
