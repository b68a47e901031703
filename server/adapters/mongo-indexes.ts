// Makes the indexes that are missing; what is there stays. Many processes may do it at once.

import { INDEXES, type Index, type Models } from "./mongo-models.ts";
import { isMissingCollection, unavailable } from "./mongo-problems.ts";

interface Present {
  key: string;
  unique: boolean;
}

/** Gives what it made, as `runs: workspaceId, createdAt, _id`. Throws when what is there contradicts a unique one. */
export async function syncIndexes(models: Models, where: string): Promise<string[]> {
  const made: string[] = [];
  for (const [name, model] of Object.entries(models)) {
    const wanted = Object.entries(INDEXES).find(([collection]) => collection === name)?.[1] ?? [];
    const present = await indexesOf(model);
    for (const index of wanted) {
      if (has(present, index, name, where)) continue;
      await createIndex(model, index, name, where);
      made.push(`${name}: ${fieldsOf(index)}`);
    }
  }
  return made;
}

function has(present: Present[], index: Index, name: string, where: string): boolean {
  const key = JSON.stringify(index.key);
  const found = present.find((one) => one.key === key);
  if (found && index.unique && !found.unique) {
    throw new Error(
      `The index (${fieldsOf(index)}) of ${name} in the database at ${where} is not unique, and must be. Drop it, and start again: it is made anew.`,
    );
  }
  return found !== undefined;
}

async function indexesOf(model: Models[keyof Models]): Promise<Present[]> {
  try {
    const indexes = await model.collection.listIndexes().toArray();
    return indexes.map(({ key, unique }) => ({ key: JSON.stringify(key), unique: unique === true }));
  } catch (error) {
    if (isMissingCollection(error)) return [];
    throw error;
  }
}

async function createIndex(model: Models[keyof Models], index: Index, name: string, where: string) {
  const { key, ...options } = index;
  try {
    await model.collection.createIndex(key, options);
  } catch (error) {
    if (unavailable(error, where)) throw error;
    // another process that starts at the same moment may just have made it
    if (has(await indexesOf(model), index, name, where)) return;
    throw new Error(
      `The index (${fieldsOf(index)}) of ${name} could not be made in the database at ${where}: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}

function fieldsOf({ key }: Index): string {
  return Object.keys(key).join(", ");
}
