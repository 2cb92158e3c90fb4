import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createRecordListing } from './books/listing.ts';
import { type BookStore, openBookStore, readRecipe } from './books/store.ts';
import { type BusinessProfile, businessesOf, ID_SPAN } from './catalogue.ts';
import { bookOf } from './chart.ts';

/** Goes up whenever the same seed would give other books: kept books of another version are built anew. */
const FORMAT = '1';

/** The open books of one business. */
export interface Books {
  profile: BusinessProfile;
  store: BookStore;
  listing: ReturnType<typeof createRecordListing>;
}

export interface Library {
  businesses: readonly BusinessProfile[];
  /** The books of a business, built on first use. */
  open(business: BusinessProfile): Promise<Books>;
  /** All books opened so far. */
  opened(): readonly Books[];
  /** The business whose ids include this one. */
  holderOf(id: bigint): BusinessProfile | undefined;
  /** Throws all books away and builds those anew that were open. */
  reset(): Promise<void>;
  close(): void;
}

export interface LibraryOptions {
  directory: string;
  withDataset: boolean;
  /** What the books of a business depend on, as a text: kept books made from other input are built anew. */
  recipeOf(business: BusinessProfile): string;
  /** Writes all rows of an empty store, pausing now and then. */
  fill(store: BookStore): Iterable<void> | AsyncIterable<void>;
}

export function createLibrary(options: LibraryOptions): Library {
  const businesses = businessesOf(options.withDataset);
  let shelf = new Map<bigint, Promise<Books>>();
  let opened: Books[] = [];
  mkdirSync(options.directory, { recursive: true });

  const build = async (profile: BusinessProfile, path: string, recipe: string): Promise<void> => {
    removeDatabase(path);
    const store = openBookStore({ path, book: bookOf(profile), fresh: true });
    try {
      // One long transaction over pauses: nobody else knows this file yet.
      store.begin();
      for await (const _pause of options.fill(store)) await setImmediate();
      store.createIndices();
      store.setMeta('recipe', recipe);
      store.commit();
    } catch (error) {
      store.close();
      removeDatabase(path);
      throw error;
    }
    store.close();
  };

  const load = async (profile: BusinessProfile): Promise<Books> => {
    const path = join(options.directory, `books-${profile.id}.sqlite`);
    const recipe = `${FORMAT}/${options.recipeOf(profile)}`;
    if (readRecipe(path) !== recipe) await build(profile, path, recipe);
    const store = openBookStore({ path, book: bookOf(profile), fresh: false });
    const books = { profile, store, listing: createRecordListing(store) };
    opened.push(books);
    return books;
  };

  const open = (profile: BusinessProfile): Promise<Books> => {
    const known = shelf.get(profile.id);
    if (known) return known;
    const loading = load(profile);
    shelf.set(profile.id, loading);
    // A failed load is not remembered: the next request tries again.
    loading.catch(() => shelf.delete(profile.id));
    return loading;
  };

  const close = (): void => {
    for (const { store } of opened) store.close();
    opened = [];
    shelf = new Map();
  };

  return {
    businesses,
    open,
    close,
    opened: () => opened,
    holderOf: (id) => businesses.find(({ idBase }) => id >= idBase && id < idBase + ID_SPAN),
    reset: async () => {
      const profiles = opened.map(({ profile }) => profile);
      close();
      for (const profile of businesses) removeDatabase(join(options.directory, `books-${profile.id}.sqlite`));
      for (const profile of profiles) await open(profile);
    },
  };
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}
