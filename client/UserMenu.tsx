// Who is signed in, light or dark, and the way out.

import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconChevronDown, IconDeviceDesktop, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Me, useSignOut } from "./api/session.ts";
import classes from "./UserMenu.module.css";

export function UserMenu({ me }: { me: Me }) {
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className={classes.foot}>
      <SegmentedControl
        fullWidth
        size="xs"
        radius="md"
        aria-label="Colours"
        value={colorScheme}
        onChange={(value) => {
          if (value === "light" || value === "dark" || value === "auto") setColorScheme(value);
        }}
        data={[
          { value: "light", label: choice("Light", <IconSun size={15} aria-hidden="true" />) },
          {
            value: "auto",
            label: choice("As the system", <IconDeviceDesktop size={15} aria-hidden="true" />),
          },
          { value: "dark", label: choice("Dark", <IconMoon size={15} aria-hidden="true" />) },
        ]}
      />
      <Menu position="top-start" width={200}>
        <Menu.Target>
          <UnstyledButton className={classes.user}>
            <span className={classes.face} aria-hidden="true">
              {me.email.charAt(0).toUpperCase()}
            </span>
            <span className={classes.who}>
              <span className="unseen">Account: </span>
              <span className="clip">{me.email}</span>
              <span className={classes.role}>Owner</span>
            </span>
            <IconChevronDown size={15} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconLogout size={16} aria-hidden="true" />}
            onClick={() => signOut.mutate()}
          >
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function choice(label: string, icon: ReactNode): ReactNode {
  return (
    <span className={classes.choice} title={label}>
      {icon}
      <span className="unseen">{label}</span>
    </span>
  );
}
