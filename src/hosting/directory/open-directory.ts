import type { Directory } from "./directory-object.ts";

/** Where the directory of all communities is found. */
export interface DirectoryPlace {
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
}

/** The one directory of the deployment. */
export function openDirectory(place: DirectoryPlace): DurableObjectStub<Directory> {
  return place.DIRECTORY.getByName("directory");
}
