import type { Component } from "svelte";
import AdminBucketPage from "../pages/AdminBucketPage.svelte";
import AdminUploadsPage from "../pages/AdminUploadsPage.svelte";
import QueryPage from "../pages/QueryPage.svelte";
import UploadPage from "../pages/UploadPage.svelte";

/** A page of the app. */
export interface Route {
  readonly path: string;
  /** In the navigation and the tab's title. */
  readonly name: string;
  readonly page: Component;
  /** Shown to admins alone. */
  readonly forAdmins?: true;
}

/** Every page there is, in the order of the navigation: adding one here is all it takes. */
export const ROUTES: readonly Route[] = [
  { path: "/", name: "Upload", page: UploadPage },
  { path: "/query", name: "Query", page: QueryPage },
  { path: "/admin/uploads", name: "Incomplete", page: AdminUploadsPage, forAdmins: true },
  { path: "/admin/bucket", name: "Bucket", page: AdminBucketPage, forAdmins: true },
];
