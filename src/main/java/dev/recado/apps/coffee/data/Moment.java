package dev.recado.apps.coffee.data;

/**
 * Date and time of a row to the second, without a time zone, as a number whose decimal digits are those of its text:
 * {@code 2024-01-31 23:59:59} is 20240131235959. So they sort as they follow each other.
 */
public final class Moment {

    /** What no valid moment is. */
    public static final long INVALID = -1;

    private static final int TEXT_CHARS = 19;
    private static final String SHAPE = "0000-00-00 00:00:00";
    private static final int YEAR_MIN = 1900;
    private static final int YEAR_MAX = 2199;
    private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Moment() {}

    /** {@link #INVALID} where the text is no moment; the seconds of a minute end at 59. */
    public static long parse(String text) {
        if (text.length() != TEXT_CHARS) {
            return INVALID;
        }
        long moment = 0;
        for (int i = 0; i < TEXT_CHARS; i++) {
            char c = text.charAt(i);
            if (SHAPE.charAt(i) != '0') {
                if (c != SHAPE.charAt(i)) {
                    return INVALID;
                }
            } else if (c < '0' || c > '9') {
                return INVALID;
            } else {
                moment = moment * 10 + (c - '0');
            }
        }
        return isValid(moment) ? moment : INVALID;
    }

    /** Whether there is such a moment. */
    public static boolean isValid(long moment) {
        int year = year(moment);
        return moment > 0
                && year >= YEAR_MIN
                && year <= YEAR_MAX
                && isDate(year, month(moment), (int) (moment / 1_000_000 % 100))
                && time(moment) / 10_000 < 24
                && time(moment) / 100 % 100 < 60
                && time(moment) % 100 < 60;
    }

    /** Whether {@code text} is a date such as {@code 1990-02-28}. */
    public static boolean isDateText(String text) {
        return parse(text + " 00:00:00") != INVALID;
    }

    private static boolean isDate(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1) {
            return false;
        }
        boolean leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return day <= MONTH_DAYS[month - 1] + (leap ? 1 : 0);
    }

    /** As {@link #parse} reads it. */
    public static String text(long moment) {
        char[] text = SHAPE.toCharArray();
        long rest = moment;
        for (int i = TEXT_CHARS - 1; i >= 0; i--) {
            if (text[i] == '0') {
                text[i] = (char) ('0' + rest % 10);
                rest /= 10;
            }
        }
        return new String(text);
    }

    public static int year(long moment) {
        return (int) Math.min(Integer.MAX_VALUE, moment / 10_000_000_000L);
    }

    private static int month(long moment) {
        return (int) (moment / 100_000_000 % 100);
    }

    /** The time of day: hours, minutes and seconds as decimal digits, 235959 for 23:59:59. */
    public static int time(long moment) {
        return (int) (moment % 1_000_000);
    }

    /** Year and month: 202401. */
    public static long yearMonth(long moment) {
        return moment / 100_000_000;
    }

    /** Year and semester: 20241 for January to June of 2024, 20242 for July to December. */
    public static long yearSemester(long moment) {
        return year(moment) * 10L + (month(moment) <= 6 ? 1 : 2);
    }

    /** {@code 2024-01} for 202401. */
    public static String yearMonthText(long yearMonth) {
        long month = yearMonth % 100;
        return yearMonth / 100 + (month < 10 ? "-0" : "-") + month;
    }

    /** {@code 2024-H1} for 20241. */
    public static String yearSemesterText(long yearSemester) {
        return yearSemester / 10 + "-H" + yearSemester % 10;
    }
}
