/** One program, or a file made of files of a Go module: its version, its source, and which installed versions may replace it. */
export interface Tool {
  /** The pinned version, without a leading `v`. */
  readonly version: string;
  /** The folder of `dev/toolchain/go` whose go.mod and go.sum pin the program. */
  readonly folder: string;
  /** The Go module that has the version. */
  readonly module: string;
  /** The version as the Go module proxy writes it. @default `v` + version */
  readonly moduleVersion?: string;
  /** The package to build, as `go build` takes it. @default none: no program is built, `kinds` are written */
  readonly package?: string;
  /** Files of the module with definitions of kinds, which become the file. @default none */
  readonly kinds?: readonly string[];
  /** Build tags, separated by commas. @default none */
  readonly tags?: string;
  /** Go variable that is set to the version at link time: `name=value`. @default none: the program knows its version */
  readonly stamp?: string;
  /** Arguments that make the program print its version. @default `--version` */
  readonly versionArgs?: readonly string[];
  /** The oldest Go that builds it. @default `GO_VERSION` */
  readonly go?: string;
  /** Range of the versions that are compatible, as npm writes ranges. @default only the pinned version */
  readonly compatible?: string;
}
