//! Which fields a form documents, as data, and the search for one that it does not.

use serde_json::Value;

/// Where objects may stand in a value, and which fields each may have. Says nothing about types:
/// whoever reads a field looks at its type.
pub(crate) enum Shape {
    /// Anything: no names of ours inside.
    Any,
    /// An object of these fields.
    Fields(&'static [(&'static str, Shape)]),
    /// A list of such values.
    Each(&'static Shape),
    /// An object from free names to such values.
    Named(&'static Shape),
    /// A list of such objects, or a table `{same, columns, rows}` of them.
    ListOrTable(&'static Shape),
}

impl Shape {
    /// The path of the first field that is not documented.
    pub(crate) fn undocumented(&self, value: &Value, path: &str) -> Option<String> {
        match (self, value) {
            (Self::Fields(fields), Value::Object(object)) => {
                object.iter().find_map(|(name, value)| {
                    let path = join(path, name);
                    match fields.iter().find(|(field, _)| field == name) {
                        Some((_, shape)) => shape.undocumented(value, &path),
                        None => Some(path),
                    }
                })
            }
            (Self::Each(shape) | Self::ListOrTable(shape), Value::Array(values)) => (values
                .iter()
                .enumerate())
            .find_map(|(index, value)| shape.undocumented(value, &format!("{path}[{index}]"))),
            (Self::Named(shape), Value::Object(object)) => (object.iter())
                .find_map(|(name, value)| shape.undocumented(value, &join(path, name))),
            (Self::ListOrTable(row), Value::Object(table)) => {
                row.undocumented_in_table(table, path)
            }
            _ => None,
        }
    }

    fn undocumented_in_table(
        &self,
        table: &serde_json::Map<String, Value>,
        path: &str,
    ) -> Option<String> {
        table.iter().find_map(|(part, value)| {
            let path = join(path, part);
            match part.as_str() {
                "same" => self.undocumented(value, &path),
                "columns" => (value.as_array().into_iter().flatten())
                    .filter_map(Value::as_str)
                    .find(|column| !self.documents(column))
                    .map(|column| format!("{path}: {column}")),
                "rows" => None,
                _ => Some(path),
            }
        })
    }

    fn documents(&self, name: &str) -> bool {
        matches!(self, Self::Fields(fields) if fields.iter().any(|(field, _)| *field == name))
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
