import { describe, expect, test } from "vitest";
import { errorLines } from "../../../../dev/cluster/logs";

describe("errorLines", () => {
  test("returns only the errors in logs of the kubelet, containerd and Traefik", () => {
    const log = [
      'I1122 18:23:26.616382 180 kubelet.go:78] "no error here"',
      'E1122 18:23:26.616420 180 kubelet.go:479] "Failed to start"',
      'time="2026-11-22T18:23:30Z" level=info msg="error is only a word"',
      'time="2026-11-22T18:23:30Z" level=error msg="no overlayfs"',
      "2026-11-22T18:23:57Z INF fine",
      "2026-11-22T18:23:57Z ERR Skipping service",
      "mount: permission denied (cannot mount)",
    ].join("\n");
    expect(errorLines(log, 9)).toEqual([
      'E1122 18:23:26.616420 180 kubelet.go:479] "Failed to start"',
      'time="2026-11-22T18:23:30Z" level=error msg="no overlayfs"',
      "2026-11-22T18:23:57Z ERR Skipping service",
      "mount: permission denied (cannot mount)",
    ]);
  });

  test("returns the last ones, each cut to 300 characters", () => {
    const log = `first error\n${"second error ".repeat(50)}\nthird error`;
    const lines = errorLines(log, 2);
    expect(lines.map((line) => line.length)).toEqual([300, 11]);
  });
});
