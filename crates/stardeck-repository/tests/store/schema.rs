//! The schema itself: `schema.rs` and the domain's enums agree with what the migrations make.

use std::{collections::BTreeSet, fmt::Write};

use diesel::SqliteConnection;
use stardeck_domain::{
    AppStatus, AuditAction, AuditOutcome, ConnectionState, CredentialPurpose, CredentialState,
    DatabaseStatus, Delivery, DesiredState, Engine, EventKind, Health, LogicalState, OperationKind,
    OperationState, Origin, PortPurpose, Preset, Role, StepName, StepState, TokenScope, VolumeKind,
    VolumeState,
};

use crate::fixture::{Store, texts};

fn tables(raw: &mut SqliteConnection) -> Vec<String> {
    texts(
        raw,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
         AND name NOT LIKE 'sqlite%' ORDER BY name",
    )
}

fn definition(raw: &mut SqliteConnection, object: &str) -> String {
    texts(raw, &format!("SELECT sql FROM sqlite_schema WHERE name = '{object}'")).remove(0)
}

/// The words between single quotes.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

fn words<T: Copy>(all: &[T], as_str: fn(T) -> &'static str) -> BTreeSet<String> {
    all.iter().map(|value| as_str(*value).to_owned()).collect()
}

/// What `diesel print-schema` writes for the file. Column names that are Rust keywords get an underscore.
fn print_schema(raw: &mut SqliteConnection) -> String {
    let rust_name = |column: &str| if column == "type" { "type_".to_owned() } else { column.to_owned() };
    let (mut text, mut joins) = ("// @generated automatically by Diesel CLI.\n".to_owned(), BTreeSet::new());
    let tables = tables(raw);
    for table in &tables {
        let key = format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk");
        write!(text, "\ndiesel::table! {{\n    {table} ({}) {{\n", texts(raw, &key).join(", ")).unwrap();
        let columns = format!(
            "SELECT name || '|' || CASE type WHEN 'TEXT' THEN 'Text' WHEN 'INTEGER' THEN 'Integer' ELSE '?' END \
             || '|' || \"notnull\" FROM pragma_table_info('{table}') ORDER BY cid"
        );
        for column in texts(raw, &columns) {
            let parts: Vec<&str> = column.split('|').collect();
            let (name, kind) = (rust_name(parts[0]), parts[1]);
            if name != parts[0] {
                writeln!(text, "        #[sql_name = \"{}\"]", parts[0]).unwrap();
            }
            let kind = if parts[2] == "1" { kind.to_owned() } else { format!("Nullable<{kind}>") };
            writeln!(text, "        {name} -> {kind},").unwrap();
        }
        text.push_str("    }\n}\n");
        let keys = format!("SELECT \"table\" || '|' || \"from\" FROM pragma_foreign_key_list('{table}')");
        for key in texts(raw, &keys) {
            let (parent, column) = key.split_once('|').unwrap();
            joins.insert(format!("diesel::joinable!({table} -> {parent} ({}));\n", rust_name(column)));
        }
    }
    text.push('\n');
    text.extend(joins);
    text.push_str("\ndiesel::allow_tables_to_appear_in_same_query!(\n");
    for table in &tables {
        writeln!(text, "    {table},").unwrap();
    }
    text.push_str(");\n");
    text
}

#[test]
fn schema_file_is_what_the_migrations_make() {
    let store = Store::new();
    let printed = print_schema(&mut store.raw());
    let committed = include_str!("../../src/schema.rs");
    for (number, (is, should)) in (1..).zip(committed.lines().zip(printed.lines())) {
        assert_eq!(is, should, "src/schema.rs, line {number}");
    }
    assert_eq!(committed, printed);
}

#[test]
fn every_table_is_strict() {
    let store = Store::new();
    let mut raw = store.raw();
    for table in tables(&mut raw) {
        let sql = definition(&mut raw, &table);
        assert!(sql.trim_end().ends_with("STRICT"), "{sql}");
    }
}

#[test]
fn check_constraints_and_domain_enums_agree() {
    let store = Store::new();
    let mut raw = store.raw();
    let enums = [
        ("managed_databases", "origin", words(Origin::ALL, Origin::as_str)),
        ("managed_databases", "status", words(DatabaseStatus::ALL, DatabaseStatus::as_str)),
        ("managed_databases", "desired_state", words(DesiredState::ALL, DesiredState::as_str)),
        ("managed_databases", "health", words(Health::ALL, Health::as_str)),
        ("credentials", "purpose", words(CredentialPurpose::ALL, CredentialPurpose::as_str)),
        ("credentials", "state", words(CredentialState::ALL, CredentialState::as_str)),
        ("logical_databases", "state", words(LogicalState::ALL, LogicalState::as_str)),
        ("logical_users", "preset", words(Preset::ALL, Preset::as_str)),
        ("logical_users", "state", words(LogicalState::ALL, LogicalState::as_str)),
        ("apps", "status", words(AppStatus::ALL, AppStatus::as_str)),
        ("apps", "desired_state", words(DesiredState::ALL, DesiredState::as_str)),
        ("database_connections", "delivery", words(Delivery::ALL, Delivery::as_str)),
        ("database_connections", "state", words(ConnectionState::ALL, ConnectionState::as_str)),
        ("volumes", "kind", words(VolumeKind::ALL, VolumeKind::as_str)),
        ("volumes", "state", words(VolumeState::ALL, VolumeState::as_str)),
        ("port_reservations", "purpose", words(PortPurpose::ALL, PortPurpose::as_str)),
        ("operations", "state", words(OperationState::ALL, OperationState::as_str)),
        ("operation_steps", "state", words(StepState::ALL, StepState::as_str)),
        ("users", "role", words(Role::ALL, Role::as_str)),
        ("audit_log", "outcome", words(AuditOutcome::ALL, AuditOutcome::as_str)),
        ("api_tokens", "scope", words(TokenScope::ALL, TokenScope::as_str)),
    ];
    let mut text_checks = 0;
    for table in tables(&mut raw) {
        text_checks += definition(&mut raw, &table).matches(" IN ('").count();
        text_checks += definition(&mut raw, &table).matches(" IN (\n").count();
    }
    // One more is the rule that a final state has an end, which is not about which words there are.
    assert_eq!(text_checks, enums.len() + 1, "a CHECK on words is missing from this test");
    for (table, column, all) in enums {
        let sql = definition(&mut raw, table);
        let check = sql.split(&format!("CHECK ({column} IN (")).nth(1).unwrap().split(')').next().unwrap();
        assert_eq!(quoted(check), all, "{table}.{column}");
    }
}

#[test]
fn tables_of_words_and_domain_enums_agree() {
    let store = Store::new();
    let mut raw = store.raw();
    for (table, all) in [
        ("engine_types", words(Engine::ALL, Engine::as_str)),
        ("event_kinds", words(EventKind::ALL, EventKind::as_str)),
        ("operation_kinds", words(OperationKind::ALL, OperationKind::as_str)),
        ("step_names", words(StepName::ALL, StepName::as_str)),
        ("audit_actions", words(AuditAction::ALL, AuditAction::as_str)),
    ] {
        let rows: BTreeSet<_> = texts(&mut raw, &format!("SELECT name FROM {table}")).into_iter().collect();
        assert_eq!(rows, all, "{table}");
    }
}

#[test]
fn index_and_rule_of_unfinished_operations_agree_with_the_domain() {
    let store = Store::new();
    let mut raw = store.raw();
    let unfinished: Vec<_> = OperationState::ALL.iter().copied().filter(|state| !state.is_final()).collect();
    let unfinished = words(&unfinished, OperationState::as_str);
    assert_eq!(quoted(&definition(&mut raw, "operations_unfinished")), unfinished);
    let sql = definition(&mut raw, "operations");
    assert_eq!(quoted(sql.split("CONSTRAINT finished_when_final").nth(1).unwrap()), unfinished);
}

#[test]
fn no_column_holds_a_secret_in_clear() {
    let store = Store::new();
    let mut raw = store.raw();
    let mut secrets = Vec::new();
    for table in tables(&mut raw) {
        for column in texts(&mut raw, &format!("SELECT name FROM pragma_table_info('{table}')")) {
            let is_secret =
                ["password", "passwd", "pwd", "secret", "token", "key", "credential", "sealed", "hash"]
                    .iter()
                    .any(|word| column.contains(word));
            if is_secret {
                secrets.push(format!("{table}.{column}"));
            }
        }
    }
    // `meta.key` is the name of a fact, not a key that opens something, and an id of a token signs nobody in.
    assert_eq!(
        secrets,
        [
            "api_tokens.token_hash",
            "apps.sealed_env",
            "apps.sealed_external",
            "audit_log.token_id",
            "credentials.sealed_password",
            "meta.key",
            "operation_steps.sealed_output",
            "operations.sealed_input",
            "registries.sealed_password",
            "sessions.token_hash",
            "users.password_hash",
        ]
    );
}
