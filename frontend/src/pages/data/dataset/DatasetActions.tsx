import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconFileUpload, IconFilter, IconMessageQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { mayWrite, useWorkspace } from "../../../app/workspace";
import { LinkButton } from "../../../components/links";
import { type Dataset, isReadable } from "../../../data/datasets";
import { DeleteDataset } from "./DeleteDataset";
import { DownloadButton } from "./DownloadButton";
import { UploadVersion } from "./UploadVersion";

/** What can be done with a version, by whom it may be. */
export function DatasetActions({ dataset }: { readonly dataset: Dataset }) {
  const { workspaces } = useWorkspace();
  const [isUploading, uploading] = useDisclosure(false);
  const workspace = workspaces.find(({ id }) => id === dataset.workspace_id);
  const writes = workspace !== undefined && mayWrite(workspace);
  const readable = isReadable(dataset);
  return (
    <>
      {writes && readable && (
        <LinkButton
          to="/ask"
          search={{ dataset: dataset.id }}
          leftSection={<IconMessageQuestion size={18} aria-hidden />}
        >
          Ask about this data
        </LinkButton>
      )}
      {writes && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
              New version
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {readable && (
              <Menu.Item
                leftSection={<IconFilter size={16} aria-hidden />}
                renderRoot={(props) => <Link to="/data/$id/derive" params={{ id: dataset.id }} {...props} />}
              >
                Filter rows, derive columns
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconFileUpload size={16} aria-hidden />} onClick={uploading.open}>
              Upload a newer file
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {readable && <DownloadButton dataset={dataset} />}
      {writes && <DeleteDataset dataset={dataset} />}
      <UploadVersion dataset={dataset} opened={isUploading} onClose={uploading.close} />
    </>
  );
}
