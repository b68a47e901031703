// A connector's icon on a tile of its colour; a plug for a connector that is not known (any more).

import { icons } from "virtual:connector-icons";
import { IconPlug } from "@tabler/icons-react";
import { connectorOf, type Manifests } from "../../shared/manifest.ts";
import classes from "./ConnectorIcon.module.css";

export function ConnectorIcon({
  uses,
  manifests,
  size = 32,
}: {
  /** "slack.sendMessage", or just the connector's id. */
  uses: string;
  manifests: Manifests | undefined;
  size?: number;
}) {
  const id = uses.includes(".") ? connectorOf(uses) : uses;
  const connector = manifests?.connectors.find((c) => c.id === id);
  const own = manifests?.actions.get(uses)?.icon ?? manifests?.triggers.get(uses)?.icon;
  const icon = own ?? connector?.icon ?? "";
  const Glyph = Object.hasOwn(icons, icon) ? icons[icon] : undefined;
  const Shown = Glyph ?? IconPlug;
  return (
    <span
      className={classes.tile}
      style={{
        width: size,
        height: size,
        borderRadius: Math.round(size * 0.28),
        "--tile": tint(connector?.color),
      }}
      aria-hidden="true"
    >
      <Shown size={Math.round(size * 0.58)} stroke={1.9} />
    </span>
  );
}

/** Only a plain hex colour gets into the style. */
function tint(color: string | undefined): string {
  return color && /^#[0-9a-f]{6}$/i.test(color) ? color : "#66757a";
}
