//! Recorded tables of many types of report, which lie beside the repository: every row of each is read.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use encoding_rs::WINDOWS_1252;
use futures::StreamExt as _;

use super::{TableRows, Unpacked};

#[tokio::test]
async fn every_row_of_every_recorded_table_is_read() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/amazon-spapi/reports");
    let Ok(files) = fs::read_dir(&folder) else {
        println!("skipped: there is nothing at {}", folder.display());
        return;
    };
    let (mut tables, mut rows) = (0, 0);
    for file in files {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "tsv") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let expected = lines.count() - 1;
        let pieces: Vec<_> = bytes
            .chunks(100)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let body = futures::stream::iter(pieces).boxed();
        let mut reader = TableRows::new(Unpacked::new(body, false, None), WINDOWS_1252);
        let mut found = 0;
        while let Some(row) = reader.next().await.unwrap() {
            assert!(!row.unwrap().is_empty(), "{}", path.display());
            found += 1;
        }
        assert_eq!(found, expected, "{}", path.display());
        tables += 1;
        rows += found;
    }
    println!("{tables} tables, {rows} rows");
    assert_eq!(tables, 16);
}
