/** Options that several commands have. */
export const STACK_OPTION = {
  stack: {
    type: "string",
    value: "NAME",
    help: "the stack (default: that of npm start while it runs, else the selected one)",
  },
} as const;

export const CHANGE_OPTIONS = {
  ...STACK_OPTION,
  yes: { type: "boolean", help: "update without a question" },
  json: { type: "boolean", help: "print JSON: the edit, the diff, and the URLs" },
} as const;
