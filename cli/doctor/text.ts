import { table } from "../../lib/table";
import type { Report } from "./check";

/** The report for people: a table of problems, then what could not be looked at. */
export function reportText({ findings, unseen }: Report, stack: string): string {
  const problems = findings.filter(({ level }) => level !== "note");
  const rows = problems.map(({ check, problem, fix }) => [check, problem, fix]);
  const whys = [...new Set(unseen.map(({ why }) => why))];
  return [
    ...(rows.length > 0 ? [table(["CHECK", "PROBLEM", "FIX"], rows)] : []),
    ...(rows.length === 0 && unseen.length === 0 ? [`Nothing is wrong with stack ${stack}.`] : []),
    ...whys.map((why) => {
      const checks = unseen.filter((one) => one.why === why).map(({ check }) => check);
      return `not looked at: ${checks.join(", ")} (${why})`;
    }),
    ...findings.filter(({ level }) => level === "note").map(({ problem }) => `note: ${problem}`),
  ].join("\n");
}

/** The report for programs. */
export function reportJson({ findings, unseen }: Report, stack: string): object {
  const plain = ({ check, problem, fix, objects }: Report["findings"][number]) => ({
    ...{ check, problem, fix, objects },
  });
  return {
    stack,
    problems: findings.filter(({ level }) => level !== "note").map(plain),
    notes: findings
      .filter(({ level }) => level === "note")
      .map(({ check, problem }) => ({ check, note: problem })),
    unseen,
  };
}
