import type { SqliteDatabase } from "../../src/community/storage/sqlite-database.ts";
import type { CommunityStorage } from "../../src/community/storage/storage.ts";
import { type Defect, planted } from "./planted.ts";
import { stage } from "./stage.ts";

/** The storage of a community, with the defect that is planted. */
export function spoilStorage(storage: CommunityStorage, { sql }: SqliteDatabase): CommunityStorage {
  const spoiled: Partial<Record<Defect, Partial<CommunityStorage>>> = {
    "acknowledges before it saves": {
      save: (change) =>
        stage.machine.world.after(300, () => {
          try {
            storage.save(change);
          } catch {
            // It was acknowledged all the same.
          }
        }),
    },
    "saves twice": {
      save(change) {
        storage.save(change);
        storage.save(change);
      },
    },
    "rewrites a day": {
      appendDay(record) {
        storage.appendDay(record);
        sql.exec(
          "UPDATE day SET units = ? WHERE day < ?",
          new Uint8Array(record.units.slice().buffer),
          record.day,
        );
      },
    },
    "forgets a command in the log": {
      save({ command, ...change }) {
        const isForgotten = stage.machine.world.chance(5);
        storage.save(isForgotten || command === undefined ? change : { ...change, command });
      },
    },
  };
  return { ...storage, ...spoiled[planted.defect as Defect] };
}
