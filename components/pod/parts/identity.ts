import type { Part } from "../part";

/** The account of the pods. */
export const identity: Part = ({ serviceAccountName }, { serviceAccount = serviceAccountName }) =>
  serviceAccount === undefined ? {} : { pod: { serviceAccountName: serviceAccount } };
