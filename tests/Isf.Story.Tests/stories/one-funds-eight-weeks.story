# One fund's eight weeks, from the first pound to the second statement, with every figure worked by hand beside it.
#
# How to read it. A line "on DAY at TIME" sets the clock. Every line indented under it is a step: something that
# somebody does, or something that must then be so. Between two steps all that follows from the first has happened.
# A table belongs to the step above it. What stands after # is for the reader. Times are London's.
#
# The week's plan, and what it costs on ordinary days:
#   L-1  our own team   Mon Wed Fri 10:00  120 min   £48.00 a visit              (£24.00 an hour)
#   L-2  Kettle & Crust Tue Thu Sat 14:00   40 min   £14.75 a visit              (40/60 × £22.13 = £14.7533)
#   L-3  our own team   every day   18:00   60 min   £24.00, at weekends £30.00
#   planned minutes a week: 3×120 + 3×40 + 7×60 = 360 + 120 + 420 = 900

on 2026-03-30 at 09:00
  holder sunrise is set up, reporting every 4-weeks from 2026-04-06
  person P-1 "Nell Example" lives in england
  person P-2 "Rab Example" lives in scotland
  provider V-1 "Our own team" is holder
  provider V-2 "Kettle & Crust" is micro-enterprise
  fund F-1 opens for P-1 and council E10999901, contribution to-holder, spending person-first
  fund F-2 opens for P-2 and council S12999902, contribution to-council, spending council-first

on 2026-04-01 at 10:00
  council pays £300.00 to F-1 as R-earlier                # what an earlier holder still had of the council's money

on 2026-04-02 at 10:00
  budget B-1 of F-1 starts on 2026-04-06, up to 1050 minutes a week, and once £85.00 from council for "bed rail"
    | source  | a week  |
    | council | £360.00 |
    | person  | £60.00  |                                 # £420.00 a week, all of it held here
  allocation A-1 of F-1 promises V-1 £340.00 and 780 minutes a week from 2026-04-06 to 2027-04-04
    | rate    | on             | price          |         # plan: 3 × £48 + 5 × £24 + 2 × £30 = £324; 360 + 420 = 780 minutes
    | weekday |                | £24.00 an hour |
    | weekend | sat sun        | £30.00 an hour |
    | holiday | public holiday | £48.00 an hour |
  allocation A-2 of F-1 promises V-2 £60.00 and 120 minutes a week from 2026-04-06 to 2027-04-04
    | rate    | on             | price          |         # plan: 3 × £14.75 = £44.25
    | usual   |                | £22.13 an hour |
  plan PL-1 of F-1 runs from 2026-04-06 to 2027-04-04
    | line | allocation | for                   | days                        | at    | minutes |
    | L-1  | A-1        | the house and the day | mon wed fri                 | 10:00 | 120     |
    | L-2  | A-2        | baking                | tue thu sat                 | 14:00 | 40      |
    | L-3  | A-1        | the evening meal      | mon tue wed thu fri sat sun | 18:00 | 60      |
  # The same terms in Scotland, for Easter Monday, which is no public holiday there.
  budget B-2 of F-2 starts on 2026-04-06
    | source  | a week  |
    | council | £60.00  |
  allocation A-3 of F-2 promises V-1 £60.00 and 120 minutes a week from 2026-04-06 to 2027-04-04
    | rate    | on             | price          |
    | weekday |                | £24.00 an hour |
    | holiday | public holiday | £48.00 an hour |
  plan PL-2 of F-2 runs from 2026-04-06 to 2027-04-04
    | line | allocation | for        | days | at    | minutes |
    | L-4  | A-3        | the harbour | mon | 10:00 | 120     |
  # Easter Monday: 2 hours × £24.00 doubled = £96.00; in Scotland an ordinary Monday: 2 × £24.00 = £48.00.
  by the prices of A-1 a visit on 2026-04-06 from 10:00 to 12:00 costs £96.00 in england
  by the prices of A-1 a visit on 2026-04-06 from 10:00 to 12:00 costs £48.00 in scotland
  by the prices of A-2 a visit on 2026-04-07 from 14:00 to 14:40 costs £14.75 in england    # 40 × £22.13 ÷ 60 = £14.7533
  by the prices of A-2 a visit on 2026-04-23 from 14:00 to 14:30 costs £11.07 in england    # £11.065, half up

on 2026-04-06 at 09:00
  council pays £360.00 to F-1 as R-c1 for 2026-04-06 to 2026-04-12
  person pays £60.00 to F-1 as R-p1

# The first week, entered by hand.
on 2026-04-13 at 09:00
  visits of F-1 took place
    | visit | line | day        | planned | from  | to    |
    | v-101 | L-1  | 2026-04-06 | 10:00   | 10:00 | 12:00 |   # £96.00, Easter Monday
    | v-102 | L-1  | 2026-04-08 | 10:00   | 10:05 | 12:05 |   # £48.00, five minutes late
    | v-103 | L-1  | 2026-04-10 | 10:00   | 10:00 | 12:00 |   # £48.00                                L-1: £192.00
    | v-104 | L-2  | 2026-04-07 | 14:00   | 14:00 | 14:40 |   # £14.75
    | v-105 | L-2  | 2026-04-09 | 14:00   | 14:00 | 14:40 |   # £14.75
    | v-106 | L-2  | 2026-04-11 | 14:00   | 14:00 | 14:40 |   # £14.75                                L-2:  £44.25
    | v-107 | L-3  | 2026-04-06 | 18:00   | 18:00 | 19:00 |   # £48.00, Easter Monday
    | v-108 | L-3  | 2026-04-07 | 18:00   | 18:00 | 19:00 |   # £24.00
    | v-109 | L-3  | 2026-04-08 | 18:00   | 18:00 | 19:00 |   # £24.00
    | v-110 | L-3  | 2026-04-09 | 18:00   | 18:00 | 19:00 |   # £24.00
    | v-111 | L-3  | 2026-04-10 | 18:00   | 18:00 | 19:00 |   # £24.00
    | v-112 | L-3  | 2026-04-11 | 18:00   | 18:00 | 19:00 |   # £30.00
    | v-113 | L-3  | 2026-04-12 | 18:00   | 18:00 | 19:00 |   # £30.00                                L-3: £204.00
  visits of F-2 took place
    | visit | line | day        | planned | from  | to    |
    | v-201 | L-4  | 2026-04-06 | 10:00   | 10:00 | 12:00 |   # £48.00 in Scotland
  balance of F-1 on 2026-04-12 shows
    | received    | £720.00 |                                 # 300 + 360 + 60
    | accrued     | £440.25 |                                 # 192.00 + 44.25 + 204.00
    | held        | £279.75 |                                 # 720.00 − 440.25
    | held from council | £279.75 |                           # the person's £60.00 goes first, then £380.25 of council's £660.00
    | held from person  | £0.00   |
    | planned     | 15 h 0 min |                              # 900
    | delivered   | 15 h 0 min |                              # 360 + 120 + 420
    | outstanding | 0 h 0 min  |
  balance of F-2 on 2026-04-12 shows
    | accrued   | £48.00  |
    | held      | -£48.00 |                                   # nothing has come in yet: seen, never vetoed
    | overdrawn | £48.00  |
  council pays £360.00 to F-1 as R-c2 for 2026-04-13 to 2026-04-19
  council pays £60.00 to F-2 as R-s1
  person pays £60.00 to F-1 as R-p2

on 2026-04-20 at 09:00
  council pays £360.00 to F-1 as R-c3 for 2026-04-20 to 2026-04-26
  person pays £60.00 to F-1 as R-p3

on 2026-04-27 at 09:00
  council pays £360.00 to F-1 as R-c4 for 2026-04-27 to 2026-05-03      # and nothing from the person this week

# Weeks two to four come as a file: 40 rows.
#   L-1  9 visits as planned, 9 × £48.00 = £432.00, and one that nobody planned, Thu 16 April, 60 min:  £24.00
#   L-2  Tue 14 April 60 min: £22.13 (20 of them beyond the plan) · Thu 23 April 30 min: £11.07 ·
#        cancelled Sat 18 April, missed Thu 30 April: £0 · the other 5: 5 × £14.75 = £73.75        sum £106.95
#   L-3  missed Wed 15 April: £0 · Tue 21 April 42 min: 42/60 × £24 = £16.80 · the other 13 weekdays × £24.00 = £312.00 ·
#        6 weekend days × £30.00 = £180.00                                                        sum £508.80
#   the three weeks: 432.00 + 24.00 + 106.95 + 508.80 = £1,071.75; with the first week 440.25: £1,512.00
#   our own team 192 + 204 + 432 + 24 + 508.80 = £1,360.80; Kettle & Crust 44.25 + 106.95 = £151.20
#   minutes, own team: 12 × 120 + 60 + (28 − 2) × 60 + 42 = 1440 + 60 + 1560 + 42 = 3102; Kettle & Crust: 8 × 40 + 60 + 30 = 410
on 2026-05-04 at 09:00
  visit file weeks-two-to-four.csv is imported as april: 40 read, 40 new, 0 rejected
  balance of F-1 on 2026-05-03 shows
    | received    | £1,920.00 |                               # 300 + 4 × 360 + 3 × 60
    | accrued     | £1,512.00 |
    | owed        | £0.00     |                               # no invoice has been matched
    | paid        | £0.00     |
    | held        | £408.00   |                               # 1,920 − 1,512
    | held from council | £408.00 |                           # put in 1,740; 1,512 − 180 of the person's = 1,332 of it spent
    | held from person  | £0.00   |
    | overdrawn   | £0.00     |
    | cash        | £1,920.00 |                               # nothing has left the bank
    | budget      | £21,985.00 |                              # £420 × 365 ÷ 7 = £21,900 for a year, and £85 once
    | free        | £1,185.00  |                              # less 52 weeks × (340 + 60) = £20,800
    | promised    | £19,288.00 |                              # 20,800 − 1,512
    | used        | £1,512.00  |
    | planned     | 60 h 0 min |                              # 4 × 900 = 3600
    | extra       | 1 h 20 min |                              # 60 on 16 April, 20 on 14 April
    | delivered   | 58 h 32 min |                             # 3102 + 410 = 3512
    | missed      | 0 h 0 min  |                              # weeks are not closed yet, so
    | outstanding | 2 h 48 min |                              # what was not given: L-3 60 + 18, L-2 40 + 40 + 10 = 168
  statement S-1 of F-1 is issued for 2026-04-06 to 2026-05-03
  statement S-1 of F-1 shows
    | opening          | £300.00   |
    | in from council  | £1,440.00 in 4 |                     # 4 × 360
    | in from person   | £180.00 in 3   |                     # of 4 × 60
    | in               | £1,620.00 |
    | out to V-1       | £1,360.80 for 51 h 42 min |          # 3102 minutes
    | out to V-2       | £151.20 for 6 h 50 min    |          # 410 minutes
    | out              | £1,512.00 |
    | returned         | £0.00     |
    | closing          | £408.00   |                          # 300 + 1,620 − 1,512
    | spoken for       | £0.00     |
    | free to use      | £408.00   |                          # what the person owes is not in it
    | contribution due  | £240.00  |                          # £60 × 28 ÷ 7
    | contribution paid | £180.00  |
    | contribution owed | £60.00   |
    | planned          | 60 h 0 min  |
    | extra            | 1 h 20 min  |
    | delivered        | 58 h 32 min |
    | corrections      | 0         |
    | left at the end  | £2,430.00 |                          # to 5 April 2027: 408 + 337 days × (420 − 378) ÷ 7
  statement S-1 of F-1 reads as approved
  the books are stated and checked up to 2026-05-03, and agree

on 2026-05-04 at 12:00
  council pays £360.00 to F-1 as R-c5 for 2026-05-04 to 2026-05-10
  person pays £60.00 to F-1 as R-p5

# On 24 April the evening visit ended at 18:45, not at 19:00: 45 minutes at £24.00 are £18.00, not £24.00.
on 2026-05-11 at 10:00
  visit v-137 of F-1 is corrected
    | visit | line | day        | planned | from  | to    |
    | v-137 | L-3  | 2026-04-24 | 18:00   | 18:00 | 18:45 |
  statement S-1 of F-1 has not changed
  # The same day in April, as known then and as known now.
  balance of F-1 on 2026-05-03 as known on 2026-05-04 at 11:00 shows
    | accrued     | £1,512.00 |
    | held        | £408.00   |
    | delivered   | 58 h 32 min |
  balance of F-1 on 2026-05-03 shows
    | accrued     | £1,506.00 |                               # 1,512 − 24 + 18
    | held        | £414.00   |
    | delivered   | 58 h 17 min |                             # 3512 − 15 = 3497
    | outstanding | 3 h 3 min   |                             # 168 + 15
  balance of F-1 on 2026-04-23 shows
    | delivered   | 38 h 32 min |                             # 900 + (360 + 60 + 100 + 360) + (240 + 70 + 222) = 2312
  balance of F-1 on 2026-04-24 shows
    | delivered   | 41 h 17 min |                             # 2312 + 120 + 45
  council pays £360.00 to F-1 as R-c6 for 2026-05-11 to 2026-05-17

on 2026-05-12 at 09:00
  person pays £60.00 to F-1 as R-p6
  person pays £60.00 to F-1 as R-p6-twice

on 2026-05-13 at 09:00
  receipt R-p6-twice of F-1 is voided: "keyed twice"

on 2026-05-15 at 09:00
  £25.00 of F-1 goes back to council as X-1, overpaid

on 2026-05-18 at 09:00
  council pays £360.00 to F-1 as R-c7 for 2026-05-18 to 2026-05-24
  council pays £85.00 to F-1 as R-rail
  person pays £60.00 to F-1 as R-p7

on 2026-05-20 at 09:00
  person pays £30.00 to F-1 as R-arrears                      # half of what was owed
  allocation A-rail of F-1 promises V-2 £85.00 once from 2026-05-20 to 2026-09-30
    | rate    | on | price          |
    | fitting |    | £85.00 a visit |

on 2026-05-25 at 09:00
  council pays £360.00 to F-1 as R-c8 for 2026-05-25 to 2026-05-31
  person pays £60.00 to F-1 as R-p8

on 2026-05-29 at 09:00
  council pays £360.00 to F-1 as R-c9 for 2026-06-01 to 2026-06-07      # June's first week, in advance

# May comes as a file: 52 good rows, and one for a line that no plan has.
#   L-1  cancelled Wed 13 May: £0 · 4 and 25 May public holidays, 2 × £96.00 · 9 × £48.00          £192 + £432 = £624.00
#   L-2  in hospital for an afternoon, Thu 21 May: £0 · 11 × £14.75                                              £162.25
#   L-3  no access Sat 16 May: £0 · Sun 17 May 90 min: £45.00 · 6 weekend days × £30.00 = £180.00 ·
#        4 and 25 May 2 × £48.00 = £96.00 · 18 weekdays × £24.00 = £432.00                                       £753.00
#   May: 624.00 + 162.25 + 753.00 = £1,539.25; and April's correction, −24.00 + 18.00 = −6.00: £1,533.25
#   our own team 624 + 753 − 6 = £1,371.00: 11 × 120 + 26 × 60 + 90 − 15 = 1320 + 1560 + 90 − 15 = 2955 minutes
#   Kettle & Crust £162.25: 11 × 40 = 440 minutes
on 2026-06-01 at 09:00
  visit file may.csv is imported as may: 53 read, 52 new, 1 rejected
  statement S-2 of F-1 is issued for 2026-05-04 to 2026-05-31
  statement S-2 of F-1 shows
    | opening          | £408.00   |                          # S-1's closing, not the corrected £414.00
    | in from council  | £1,885.00 in 6 |                     # 4 × 360 + 85 + 360 in advance
    | in from person   | £270.00 in 5   |                     # 4 × 60 + 30; the one keyed twice never was
    | in               | £2,155.00 |
    | out to V-1       | £1,371.00 for 49 h 15 min |          # 2955 minutes
    | out to V-2       | £162.25 for 7 h 20 min    |
    | out              | £1,533.25 |
    | returned         | £25.00    |
    | closing          | £1,004.75 |                          # 408 + 2,155 − 1,533.25 − 25
    | spoken for       | £445.00   |                          # £360 for 1–7 June and the bed rail's £85
    | free to use      | £559.75   |
    | contribution due  | £240.00  |
    | contribution paid | £270.00  |
    | contribution owed | £30.00   |                          # to date: 2 × 240 − 180 − 270
    | planned          | 60 h 0 min  |
    | extra            | 0 h 30 min  |                        # Sunday 17 May
    | delivered        | 56 h 35 min |                        # 2955 + 440 = 3395
    | corrections      | 2         |
  statement S-2 of F-1 lists the corrections
    | about      | provider | cost    | minutes |
    | 2026-04-24 | V-1      | -£24.00 | -60     |
    | 2026-04-24 | V-1      | £18.00  | 45      |
  statement S-2 of F-1 reads as approved
  statement S-1 of F-1 has not changed
  balance of F-1 on 2026-05-31 shows
    | received    | £4,075.00 |                               # 1,920 + 2,155
    | returned    | £25.00    |
    | accrued     | £3,045.25 |                               # 1,512 + 1,533.25
    | held        | £1,004.75 |
    | held from council | £1,004.75 |                         # put in 1,740 + 1,885 − 25 = 3,600; 3,045.25 − 450 = 2,595.25 spent
    | held from person  | £0.00     |                         # put in 450, all spent first
    | cash        | £4,050.00 |
    | budget      | £21,985.00 |
    | free        | £1,100.00  |                              # 1,185 − 85
    | promised    | £17,839.75 |                              # 20,800 + 85 − 3,045.25
    | used        | £3,045.25  |
    | planned     | 120 h 0 min |
    | extra       | 1 h 50 min  |
    | delivered   | 115 h 7 min |                             # 3512 + 3395 = 6907
    | outstanding | 6 h 43 min  |                             # 183 + 120 + 60 + 40 = 403
  the books are stated and checked up to 2026-05-31, and agree
  # A feed is a full snapshot by the day of care: the correction is in April's, not in May's.
  council E10999901 gets feed M-04 for 2026-04-06 to 2026-05-03
    | person      | P-1       |
    | received    | £1,620.00 |
    | spent       | £1,506.00 |                               # 1,512 − 24 + 18
  council E10999901 gets feed M-05 for 2026-05-04 to 2026-05-31
    | person      | P-1       |
    | received    | £2,155.00 |
    | spent       | £1,539.25 |
  the journals of F-1 are whole
  the journals of F-2 are whole
