// The gallery of templates: flows that work once their connections are chosen.

import { Button, TextInput } from "@mantine/core";
import { IconLayoutGrid, IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { FLOW_TEMPLATES } from "../../shared/flow-templates/gallery.ts";
import type { FlowTemplate } from "../../shared/flow-templates/kit.ts";
import { noManifests, useManifests } from "../api/connectors.ts";
import { Empty } from "../ui/Empty.tsx";
import { Page } from "../ui/Page.tsx";
import { searchTemplates } from "./search-templates.ts";
import { TemplateCard } from "./TemplateCard.tsx";
import classes from "./TemplatesPage.module.css";
import { useTemplate } from "./use-template.ts";

const TemplateDialog = lazy(() => import("./TemplateDialog.tsx"));

export function TemplatesPage() {
  const manifests = useManifests().data ?? noManifests;
  const [words, setWords] = useState("");
  const [shown, setShown] = useState<FlowTemplate | null>(null);
  const take = useTemplate();
  const found = searchTemplates(FLOW_TEMPLATES, words, manifests);
  return (
    <Page
      title="Templates"
      back={{ to: "/", label: "Flows" }}
      sub="Flows that work once you have chosen your connections and replaced the example addresses"
      actions={
        <TextInput
          type="search"
          aria-label="Filter templates"
          placeholder="Slack, order, refund …"
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          className={classes.search}
        />
      }
    >
      <p className="unseen" role="status">
        {found.length === 1 ? "1 template" : `${found.length} templates`}
      </p>
      {found.length === 0 ? (
        <Empty
          icon={<IconLayoutGrid size={24} />}
          title="No such template"
          text="Try another word, or begin with an empty flow."
        >
          <Button variant="default" onClick={() => setWords("")}>
            Show all templates
          </Button>
        </Empty>
      ) : (
        <ul className={classes.grid} aria-label="Templates">
          {found.map((template) => (
            <TemplateCard
              key={template.id}
              template={template}
              manifests={manifests}
              onLook={() => setShown(template)}
              onUse={() => take.mutate(template)}
              busy={take.isPending && take.variables.id === template.id}
            />
          ))}
        </ul>
      )}
      <Suspense>
        {shown && (
          <TemplateDialog
            template={shown}
            manifests={manifests}
            onClose={() => setShown(null)}
            onUse={() => take.mutate(shown)}
            busy={take.isPending}
          />
        )}
      </Suspense>
    </Page>
  );
}
