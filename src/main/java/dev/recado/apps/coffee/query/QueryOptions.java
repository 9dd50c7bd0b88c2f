package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.Moment;

/**
 * What the queries ask for; all bounds belong to what is wanted.
 *
 * @param yearFrom the first year
 * @param yearTo the last year
 * @param timeFrom the first second of a day, as decimal digits: 60000 for 06:00:00
 * @param timeTo the last second of a day
 * @param amountMinCents the smallest amount of query 1
 * @param top how many items of each month query 2 shows; {@link #ALL} for the whole ranking
 * @param topUsers how many customers of each store query 4 shows
 */
public record QueryOptions(
        int yearFrom, int yearTo, int timeFrom, int timeTo, long amountMinCents, int top, int topUsers) {

    public static final int ALL = Integer.MAX_VALUE;

    /** The years 2024 and 2025, from 06:00:00 to 23:00:00, 75.00 or more, the first item, the first three customers. */
    public static final QueryOptions DEFAULT = new QueryOptions(2024, 2025, 60_000, 230_000, 7_500, 1, 3);

    boolean hasYear(long moment) {
        int year = Moment.year(moment);
        return year >= yearFrom && year <= yearTo;
    }

    boolean hasTime(long moment) {
        int time = Moment.time(moment);
        return time >= timeFrom && time <= timeTo;
    }

    public QueryOptions withTop(int items) {
        return new QueryOptions(yearFrom, yearTo, timeFrom, timeTo, amountMinCents, items, topUsers);
    }

    public QueryOptions withTimes(int from, int to) {
        return new QueryOptions(yearFrom, yearTo, from, to, amountMinCents, top, topUsers);
    }
}
