// The one workspace there is for now; everything stored carries its id.

export const DEFAULT_WORKSPACE = "ws_default";
