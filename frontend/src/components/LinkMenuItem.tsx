import { Menu, type MenuItemProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";

import type { LinkAttributes } from "./links";

function MenuItemRoot(props: MenuItemProps & LinkAttributes) {
  return <Menu.Item component="a" {...props} />;
}

/** A link as an entry of a menu. Apart from the other links: menus bring much code along, and every page has links. */
export const LinkMenuItem = createLink(MenuItemRoot);
