// What this installation is, and where its API is described.

import { Anchor } from "@mantine/core";
import { Card } from "../ui/Card.tsx";
import { Logo } from "../ui/Logo.tsx";
import classes from "./Settings.module.css";

export function About() {
  return (
    <Card title="About">
      <div className={classes.about}>
        <Logo size={40} />
        <div>
          <p className={classes.name}>Flowcatch {__VERSION__}</p>
          <p className={classes.detail}>
            Open source under the MIT licence. Everything it knows stays on this server. Programs can do all
            that this screen does: see the{" "}
            <Anchor href="/api/openapi.json" fz="inherit" underline="always">
              description of the API
            </Anchor>
            .
          </p>
        </div>
      </div>
    </Card>
  );
}
