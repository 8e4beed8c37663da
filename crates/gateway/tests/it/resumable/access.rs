//! Whose an upload is.

use http::Method;
use reqwest::Response;

use super::client::{Client, location};
use crate::data::lab::{CSV, Lab};
use crate::house::{House, problem};

/// Adding, deleting; asking by HEAD and GET.
async fn all_of(client: &Client, path: &str) -> [Response; 4] {
    let get = client.plain(Method::GET, path).send().await.unwrap();
    [client.add(path, 0, CSV).await, client.delete(path).await, client.head(path).await, get]
}

#[tokio::test]
async fn members_see_it_analysts_change_it_and_for_others_it_is_not_there() {
    let lab = Lab::build().await;
    let shared = lab.shared_workspace().await;
    let said = [("name", "x"), ("workspace_id", shared.as_str())];
    let [ann, bob, admin] = [&lab.ann, &lab.bob, &lab.admin].map(|who| Client::of(&lab, who));
    let path = location(ann.create(CSV.len(), &said).send().await.unwrap()).await;

    for answer in all_of(&admin, &path).await {
        assert_eq!(answer.status(), 404, "an admin of the platform is no member");
    }
    let [add, delete, head, get] = all_of(&bob, &path).await;
    problem(add, 403, "forbidden").await;
    problem(delete, 403, "forbidden").await;
    assert_eq!((head.status().as_u16(), get.status().as_u16()), (200, 200), "a viewer may look");
    problem(bob.create(CSV.len(), &said).send().await.unwrap(), 403, "forbidden").await;
    problem(admin.create(CSV.len(), &said).send().await.unwrap(), 404, "not-found").await;
    assert_eq!(ann.offset(&path).await, 0);
    assert_eq!(ann.add(&path, 0, CSV).await.status(), 204);
}

#[tokio::test]
async fn the_canary_uploads_nothing_and_nobody_is_let_in_unknown() {
    let lab = Lab::build().await;
    let canary = lab.house.user_with_role(&lab.admin, "canary@example.org", "canary").await;
    problem(Client::of(&lab, &canary).create(9, &[("name", "x")]).send().await.unwrap(), 403, "forbidden").await;
    let house = House::build().await;
    for (method, path) in [
        (Method::POST, "/api/v1/uploads"),
        (Method::PATCH, "/api/v1/uploads/00000000-0000-0000-0000-000000000007"),
        (Method::GET, "/api/v1/uploads/00000000-0000-0000-0000-000000000007"),
        (Method::DELETE, "/api/v1/uploads/00000000-0000-0000-0000-000000000007"),
    ] {
        problem(house.ask(method, path, None, None).await, 401, "unauthorized").await;
    }
}

/// The right to upload is needed when the dataset comes to be, as with an upload at once.
#[tokio::test]
async fn who_lost_the_right_to_upload_makes_no_dataset() {
    let lab = Lab::build().await;
    let shared = lab.shared_workspace().await;
    let said = [("name", "x"), ("workspace_id", shared.as_str())];
    let ann = Client::of(&lab, &lab.ann);
    let path = location(ann.create(CSV.len(), &said).send().await.unwrap()).await;
    ann.add(&path, 0, &CSV[..9]).await.error_for_status().unwrap();
    lab.house.execute("UPDATE e2i.workspace_members SET role = 'viewer' WHERE role = 'owner'").await;
    problem(ann.add(&path, 9, &CSV[9..]).await, 403, "forbidden").await;
    lab.house.execute("DELETE FROM e2i.workspace_members").await;
    problem(ann.add(&path, 9, &CSV[9..]).await, 404, "not-found").await;
    assert_eq!(lab.count("SELECT count(*) FROM e2i.datasets").await, 0);
}
