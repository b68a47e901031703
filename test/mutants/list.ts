// All mutants, in the order of their numbers.

import { CATCHING_MUTANTS } from "./catching-mutants.ts";
import { DOOR_MUTANTS } from "./door-mutants.ts";
import { ENGINE_MUTANTS } from "./engine-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { SECRET_MUTANTS } from "./secret-mutants.ts";
import { STORE_MUTANTS } from "./store-mutants.ts";
import { WEB_MUTANTS } from "./web-mutants.ts";

export const MUTANTS: Mutant[] = [
  ...STORE_MUTANTS,
  ...ENGINE_MUTANTS,
  ...DOOR_MUTANTS,
  ...SECRET_MUTANTS,
  ...WEB_MUTANTS,
  ...CATCHING_MUTANTS,
];
