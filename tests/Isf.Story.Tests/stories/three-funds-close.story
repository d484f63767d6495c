# Three funds close: after a death, by a move that is known half a year late, and because the agreement ended. What was
# due stops with the last day, what is left goes back to whom it belongs, and every page says so.
#
#   F-1  Ada's    £60.00 a week of her own from 6 April; she dies on 17 June: 25 + 31 + 17 = 73 days, £625.71
#   F-2  Nell's   the same; closed on 10 April, three statements on: 5 days, £42.86
#   F-3  Rab's    the same; ended on 30 June: 86 days, £737.14
# The codes of the rates, d and we, are the office's own and stand on no page.

on 2026-03-30 at 09:00
  holder sunrise is set up, reporting every 4-weeks from 2026-04-06
  person P-1 "Ada Example" lives in england
  person P-2 "Nell Example" lives in england
  person P-3 "Rab Example" lives in wales
  provider V-1 "Our own team" is holder
  provider V-2 "Brook Care" is agency
  fund F-1 opens for P-1 and council E10999901, contribution to-holder, spending person-first
  fund F-2 opens for P-2 and council E10999901, contribution to-holder, spending person-first
  fund F-3 opens for P-3 and council W06999903, contribution to-holder, spending pro-rata

on 2026-04-02 at 10:00
  budget B-1 of F-1 starts on 2026-04-06, up to 1050 minutes a week
    | source  | a week  |
    | council | £360.00 |
    | person  | £60.00  |
  budget B-2 of F-2 starts on 2026-04-06, up to 1050 minutes a week
    | source  | a week  |
    | council | £360.00 |
    | person  | £60.00  |
  budget B-3 of F-3 starts on 2026-04-06, up to 1050 minutes a week
    | source  | a week  |
    | council | £360.00 |
    | person  | £60.00  |
  allocation A-1 of F-1 promises V-1 £240.00 and 600 minutes a week from 2026-04-06 to 2027-04-04
    | rate | on      | price          |
    | d    |         | £24.00 an hour |
    | we   | sat sun | £30.00 an hour |
  allocation A-2 of F-2 promises V-1 £240.00 and 600 minutes a week from 2026-04-06 to 2027-04-04
    | rate | on      | price          |
    | d    |         | £24.00 an hour |
    | we   | sat sun | £30.00 an hour |
  allocation A-3 of F-3 promises V-1 £240.00 and 600 minutes a week from 2026-04-06 to 2027-04-04
    | rate | on      | price          |
    | d    |         | £24.00 an hour |
    | we   | sat sun | £30.00 an hour |
  plan PL-1 of F-1 runs from 2026-06-01 to 2027-04-04
    | line | allocation | for         | days        | at    | minutes |
    | L-1  | A-1        | the morning | mon wed sat | 10:00 | 60      |
  plan PL-2 of F-2 runs from 2026-04-06 to 2027-04-04
    | line | allocation | for         | days    | at    | minutes |
    | L-2  | A-2        | the morning | wed fri | 10:00 | 120     |
  plan PL-3 of F-3 runs from 2026-06-01 to 2027-04-04
    | line | allocation | for         | days        | at    | minutes |
    | L-3  | A-3        | the morning | mon wed sat | 10:00 | 60      |

on 2026-04-06 at 09:00
  council pays £900.00 to F-1 as R-1
  person pays £700.00 to F-1 as R-2
  council pays £360.00 to F-2 as R-6
  person pays £60.00 to F-2 as R-3
  council pays £900.00 to F-3 as R-4
  person pays £100.00 to F-3 as R-5

on 2026-06-16 at 09:00
  visits of F-1 took place
    | visit | line | day        | planned | from  | to    |
    | v-101 | L-1  | 2026-06-01 | 10:00   | 10:00 | 11:00 |   # £24.00
    | v-102 | L-1  | 2026-06-06 | 10:00   | 10:00 | 11:30 |   # £45.00, half an hour beyond the plan
    | v-103 | L-1  | 2026-06-08 | 10:00   | 10:00 | 10:40 |   # £16.00, twenty minutes short
  visits of F-2 took place
    | visit | line | day        | planned | from  | to    |
    | v-201 | L-2  | 2026-04-08 | 10:00   | 10:00 | 12:00 |   # £48.00
  visits of F-3 took place
    | visit | line | day        | planned | from  | to    |
    | v-301 | L-3  | 2026-06-01 | 10:00   | 10:00 | 11:00 |   # £24.00
    | v-302 | L-3  | 2026-06-06 | 10:00   | 10:00 | 11:00 |   # £30.00

on 2026-06-22 at 09:00
  weeks are closed up to 2026-06-21
  fund F-1 closes on 2026-06-17, died, and V-2 is owed £168.00 for notice

on 2026-07-01 at 09:00
  statement S-21 of F-2 is issued for 2026-04-06 to 2026-06-30
  statement S-21 of F-2 shows
    | contribution due  | £737.14 |                           # 86 days
    | contribution owed | £677.14 |
  fund F-3 closes on 2026-06-30, ended

on 2026-07-20 at 09:00
  weeks are closed up to 2026-07-19
  £74.29 of F-1 goes back to person as T-1, closure           # 700.00 − 625.71

on 2026-08-03 at 09:00
  statement S-11 of F-1 is issued for 2026-04-06 to 2026-07-31
  statement S-11 of F-1 shows
    | in                | £1,600.00 |
    | out               | £253.00   |                         # 24 + 45 + 16, and notice of 168
    | returned          | £74.29    |
    | closing           | £1,272.71 |
    | contribution due  | £625.71   |
    | contribution paid | £625.71   |
    | contribution owed | £0.00     |
    | to return to council | £900.00 |
    | to return to person  | £372.71 |                        # 625.71 − 253.00: the person's goes first
    | planned         | 480 |                                 # 8 visits of an hour up to 17 June
    | extra           | 30  |
    | delivered       | 190 |
    | charged         | 0   |
    | not given       | 0   |
    | kept            | 0   |                                 # 320 put in the bank, and given up when the fund closed
    | given up        | 320 |                                 # 480 + 30 = 190 + 320
    | open            | 0   |
    | bank in         | 320 |
    | bank expired    | 320 |
    | bank at the end | 0   |
  statement S-11 of F-1 reads as approved
  balance of F-1 on 2026-07-31 shows
    | to return to council | £900.00 |
    | to return to person  | £372.71 |
  no forecast is given for F-1, which is closed
  statement S-31 of F-3 is issued for 2026-04-06 to 2026-07-31
  statement S-31 of F-3 shows
    | out               | £54.00    |
    | closing           | £946.00   |
    | contribution due  | £737.14   |
    | contribution owed | £637.14   |
    | to return to council | £853.71 |                        # 900 − 54 × 360 ÷ 420
    | to return to person  | £92.29  |
  statement S-31 of F-3 reads as approved
  balance of F-3 on 2026-07-31 shows
    | to return to council | £853.71 |
    | to return to person  | £92.29  |

on 2026-09-01 at 09:00
  statement S-22 of F-2 is issued for 2026-07-01 to 2026-08-31

on 2026-10-01 at 09:00
  statement S-23 of F-2 is issued for 2026-09-01 to 2026-09-30
  statement S-23 of F-2 shows
    | contribution owed | £1,465.71 |                         # 178 days are £1,525.71

on 2026-11-02 at 09:00
  fund F-2 closes on 2026-04-10, moved
  statement S-24 of F-2 is issued for 2026-10-01 to 2026-10-31
  statement S-24 of F-2 shows
    | contribution due  | -£1,482.85 |                        # 42.86 − 1,525.71
    | contribution owed | -£17.14    |                        # not £1,731.43: the holder owes her
    | planned           | -3120 |                             # what was planned after 10 April never was
    | kept              | -2880 |
    | given up          | -240  |                             # -3120 = -2880 − 240
    | bank at the start | 2880  |
    | bank in           | -3120 |
    | bank expired      | -240  |
    | bank at the end   | 0     |
    | to return to council | £354.86 |                        # 360.00 − (48.00 − 42.86)
    | to return to person  | £17.14  |
  balance of F-2 on 2026-10-31 shows
    | to return to council | £354.86 |
    | to return to person  | £17.14  |
  statement S-24 of F-2 reads as approved
  statement S-21 of F-2 has not changed
  statement S-23 of F-2 has not changed
  the journals of F-2 are whole
