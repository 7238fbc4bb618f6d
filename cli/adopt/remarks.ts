/** What is to be said about the adoption of one model. */
export class Remarks {
  /** What is not carried over, with what to do; the model is adopted all the same. */
  readonly notes: string[] = [];
  /** Why the model cannot be adopted, with what to do. */
  readonly problems: string[] = [];

  note(text: string): void {
    this.notes.push(text);
  }

  problem(text: string): void {
    this.problems.push(text);
  }
}
