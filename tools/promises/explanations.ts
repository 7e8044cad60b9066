/**
 * What the pages say and no test holds, since it promises nothing that could be broken: words that
 * explain, advise or lead elsewhere. Each with the reason.
 */

export interface Explanation {
  page: string;
  /** Any part of one row, bullet or paragraph that is in no other. */
  quotation: string;
  why: string;
}

export const explanations: readonly Explanation[] = [];
