//! Rows of numbers, four at a time: a compiler that looks for few bytes, as the Worker's does, makes no use of SIMD by itself, and
//! sums are what listening spends its time with. Each sum is made in the same order as one by one, and comes to the same.

use wide::{f32x4, i8x16, i16x16};

/// Adds each number of a row so many times.
pub(crate) fn add_times(sums: &mut [f32], times: f32, row: &[f32]) {
    let (sums, sums_left) = sums.as_chunks_mut::<4>();
    let (row, row_left) = row.as_chunks::<4>();
    let all = f32x4::splat(times);
    for (sums, row) in sums.iter_mut().zip(row) {
        *sums = (f32x4::from(*sums) + all * f32x4::from(*row)).to_array();
    }
    for (sum, number) in sums_left.iter_mut().zip(row_left) {
        *sum += times * number;
    }
}

/// The same for several rows, one after the other; four at a time, so that a sum is read and written once for them.
pub(crate) fn add_rows<'a>(sums: &mut [f32], rows: impl Iterator<Item = (f32, &'a [f32])>) {
    let mut rows = rows.fuse();
    loop {
        let four = [rows.next(), rows.next(), rows.next(), rows.next()];
        let [Some(one), Some(two), Some(three), Some(four)] = four else {
            four.into_iter().flatten().for_each(|(times, row)| add_times(sums, times, row));
            return;
        };
        add_four(sums, [one, two, three, four]);
    }
}

fn add_four(sums: &mut [f32], rows: [(f32, &[f32]); 4]) {
    let (sums, sums_left) = sums.as_chunks_mut::<4>();
    let times = rows.map(|(times, _)| f32x4::splat(times));
    let [one, two, three, four] = rows.map(|(_, row)| row.as_chunks::<4>().0);
    for ((((sums, one), two), three), four) in sums.iter_mut().zip(one).zip(two).zip(three).zip(four) {
        let mut sum = f32x4::from(*sums);
        for (times, row) in times.iter().zip([one, two, three, four]) {
            sum += *times * f32x4::from(*row);
        }
        *sums = sum.to_array();
    }
    for (times, row) in rows {
        for (sum, number) in sums_left.iter_mut().zip(row.as_chunks::<4>().1) {
            *sum += times * number;
        }
    }
}

/// Adds each number of a row as often as the other says at its place.
pub(crate) fn add_products(sums: &mut [f32], row: &[f32], times: &[f32]) {
    let (sums, sums_left) = sums.as_chunks_mut::<4>();
    let ((row, row_left), (times, times_left)) = (row.as_chunks::<4>(), times.as_chunks::<4>());
    for ((sums, row), times) in sums.iter_mut().zip(row).zip(times) {
        *sums = (f32x4::from(*sums) + f32x4::from(*row) * f32x4::from(*times)).to_array();
    }
    for ((sum, number), times) in sums_left.iter_mut().zip(row_left).zip(times_left) {
        *sum += number * times;
    }
}

/// The products of two rows of equal length, added up; eight sums side by side, since one would wait for itself at each step. What is
/// left of eight does not count.
pub(crate) fn sum_of_products(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [f32x4::ZERO; 2];
    for (one, other) in one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0) {
        let products = one.as_chunks::<4>().0.iter().zip(other.as_chunks::<4>().0);
        for (sum, (one, other)) in sums.iter_mut().zip(products) {
            *sum += f32x4::from(*one) * f32x4::from(*other);
        }
    }
    sums.iter().flat_map(|sum| sum.to_array()).sum()
}

/// Rows of signed bytes, added up; at most 250 rows, beyond which the sums would not fit.
pub(crate) fn sums_of_bytes<'a>(rows: impl Iterator<Item = &'a [u8; 64]>) -> [i16; 64] {
    let mut sums = [i16x16::ZERO; 4];
    for row in rows {
        for (sum, bytes) in sums.iter_mut().zip(row.as_chunks::<16>().0) {
            *sum += i16x16::from(i8x16::new(bytes.map(u8::cast_signed)));
        }
    }
    let mut all = [0; 64];
    let places = all.as_chunks_mut::<16>().0.iter_mut();
    places.zip(sums).for_each(|(places, sum)| *places = sum.to_array());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_come_to_what_they_come_to_one_by_one(rows in proptest::collection::vec((-9.0_f32..9.0, -9.0_f32..9.0, -9.0_f32..9.0), 0..40), times in -9.0_f32..9.0) {
            let row = |of: fn(&(f32, f32, f32)) -> f32| rows.iter().map(of).collect::<Vec<f32>>();
            let (mut sums, numbers, others) = (row(|row| row.0), row(|row| row.1), row(|row| row.2));
            let mut slowly = sums.clone();
            add_times(&mut sums, times, &numbers);
            slowly.iter_mut().zip(&numbers).for_each(|(sum, number)| *sum += times * number);
            prop_assert_eq!(&sums, &slowly);
            add_products(&mut sums, &numbers, &others);
            slowly.iter_mut().zip(&numbers).zip(&others).for_each(|((sum, one), other)| *sum += one * other);
            prop_assert_eq!(&sums, &slowly);
            let many = [times, 1.5, -0.5, 2.5, times, 3.5].map(|times| (times, numbers.as_slice()));
            add_rows(&mut sums, many.into_iter());
            many.into_iter().for_each(|(times, row)| add_times(&mut slowly, times, row));
            prop_assert_eq!(sums, slowly);
            let whole = numbers.len() / 8 * 8;
            let sum: f32 = numbers.iter().zip(&others).take(whole).map(|(one, other)| one * other).sum();
            prop_assert!((sum_of_products(&numbers, &others) - sum).abs() < 0.01);
        }
    }

    #[test]
    fn bytes_are_added_with_their_signs() {
        let rows: Vec<[u8; 64]> =
            (0..72_u8).map(|row| std::array::from_fn(|at| row.wrapping_mul(3) ^ at as u8)).collect();
        let slowly: Vec<i16> =
            (0..64).map(|at| rows.iter().map(|row| i16::from(row[at].cast_signed())).sum()).collect();
        assert_eq!(sums_of_bytes(rows.iter()).to_vec(), slowly);
    }
}
