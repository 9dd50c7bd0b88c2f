package dev.recado.apps.coffee.data;

import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes up the data of a coffee shop chain, one purchase after another: the same scale and seed give the same rows, on
 * every machine. The first purchases stand at the boundaries of what the queries ask for.
 */
public final class ShopGenerator {

    /** Purchases for each step of the scale, beside those at the boundaries. */
    public static final long SALES_A_STEP = 1_000;

    /** 50 million purchases. */
    public static final int SCALE_MAX = 50_000;

    private static final int USERS_A_STEP = 40;
    private static final int FIRST_YEAR = 2023;
    private static final int DAYS = 365 + 366 + 365;
    private static final int ITEMS_A_SALE_MAX = 4;
    private static final int QUANTITY_MAX = 3;
    /** Of a hundred purchases, those of nobody known, and those with a discount. */
    private static final int UNKNOWN_PERCENT = 30;

    private static final int DISCOUNT_PERCENT = 15;
    private static final int FIRST_HOUR = 5;
    private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    /** Name, price in cents, first and last month in which it is sold. */
    private record MenuEntry(String name, int cents, int fromMonth, int toMonth) {
        private boolean isSoldIn(int month) {
            return fromMonth <= toMonth
                    ? month >= fromMonth && month <= toMonth
                    : month >= fromMonth || month <= toMonth;
        }
    }

    private static final List<MenuEntry> MENU = List.of(
            new MenuEntry("Espresso", 250, 1, 12),
            new MenuEntry("Americano", 300, 1, 12),
            new MenuEntry("Latte", 450, 1, 12),
            new MenuEntry("Cappuccino", 425, 1, 12),
            new MenuEntry("Flat White", 475, 1, 12),
            new MenuEntry("Mocha, large", 550, 1, 12),
            new MenuEntry("Matcha \"Uji\"", 600, 1, 12),
            new MenuEntry("Beans, 1 kg", 2_899, 1, 12),
            new MenuEntry("Pumpkin Latte", 575, 9, 11),
            new MenuEntry("Gingerbread Latte", 595, 11, 1),
            new MenuEntry("Iced Lemon Brew", 520, 5, 8));

    private static final List<String> STORES = List.of(
            "G Coffee @ Harbour",
            "G Coffee @ Old Town",
            "G Coffee @ Station",
            "G Coffee @ University",
            "G Coffee @ Café Müller",
            "G Coffee @ Mill, North",
            "G Coffee @ Mill, South",
            "G Coffee @ Airport",
            "G Coffee @ Lakeside",
            "G Coffee @ Market");

    private static final long[] BOUNDARY_MOMENTS = {
        20231231_235959L,
        20240101_000000L,
        20240101_055959L,
        20240101_060000L,
        20240229_230000L,
        20240229_230001L,
        20240630_225959L,
        20240701_060000L,
        20241231_230000L,
        20250101_060001L,
        20251231_230000L,
        20251231_235959L,
        20260101_000000L,
        20260101_060000L
    };

    private static final long[] BOUNDARY_CENTS = {7_500, 7_499, 7_501, 0};

    /** What takes the rows as they are made. */
    public interface Sink<E extends Exception> {
        void sale(Sale sale) throws E;

        /** Items follow their purchase. */
        void item(SaleItem item) throws E;
    }

    private final int scale;
    private final Dice dice;
    private final long seed;

    /** {@code scale} from 1 to {@link #SCALE_MAX}. */
    public ShopGenerator(int scale, long seed) {
        this.scale = scale;
        this.seed = seed;
        dice = new Dice(seed);
    }

    public static List<Naming> stores() {
        return numbered(STORES);
    }

    public static List<Naming> menuItems() {
        return numbered(MENU.stream().map(MenuEntry::name).toList());
    }

    private static List<Naming> numbered(List<String> names) {
        List<Naming> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(new Naming(rows.size() + 1L, name));
        }
        return rows;
    }

    public int userCount() {
        return scale * USERS_A_STEP;
    }

    /** Number {@code id}, from 1 to {@link #userCount}. */
    public Naming user(long id) {
        Dice own = new Dice(seed ^ id * 0x9E3779B97F4A7C15L);
        String born = String.format(
                Locale.ROOT, "%04d-%02d-%02d", 1950 + own.below(55), 1 + own.below(12), 1 + own.below(28));
        return new Naming(id, born);
    }

    /** All purchases in their order; to be called once. */
    public <E extends Exception> void sales(Sink<E> sink) throws E {
        for (long moment : BOUNDARY_MOMENTS) {
            for (long cents : BOUNDARY_CENTS) {
                String id = id();
                long user = cents == BOUNDARY_CENTS[1] ? 0 : user();
                sink.sale(new Sale(id, store(), user, cents, moment));
                sink.item(new SaleItem(id, 1L + dice.below(MENU.size()), 1, cents, moment));
            }
        }
        long sales = scale * SALES_A_STEP;
        for (long i = 0; i < sales; i++) {
            sale((int) (i * DAYS / sales), sink);
        }
    }

    private <E extends Exception> void sale(int day, Sink<E> sink) throws E {
        String id = id();
        long date = date(day);
        int hour = FIRST_HOUR + dice.below(24 - FIRST_HOUR);
        long moment = date * 1_000_000 + hour * 10_000L + dice.below(60) * 100L + dice.below(60);
        long user = dice.below(100) < UNKNOWN_PERCENT ? 0 : user();
        long total = 0;
        List<SaleItem> items = new ArrayList<>(ITEMS_A_SALE_MAX);
        for (int i = 1 + dice.below(ITEMS_A_SALE_MAX); i > 0; i--) {
            int item = item((int) (date / 100 % 100));
            int quantity = 1 + dice.below(QUANTITY_MAX);
            long subtotal = (long) quantity * MENU.get(item).cents();
            items.add(new SaleItem(id, item + 1L, quantity, subtotal, moment));
            total += subtotal;
        }
        long paid = dice.below(100) < DISCOUNT_PERCENT ? total - total / 10 : total;
        sink.sale(new Sale(id, store(), user, paid, moment));
        for (SaleItem item : items) {
            sink.item(item);
        }
    }

    /** Year, month and day as decimal digits. */
    private static long date(int daysFromStart) {
        int year = FIRST_YEAR;
        int month = 0;
        int day = daysFromStart;
        while (day >= days(year, month)) {
            day -= days(year, month);
            month = (month + 1) % 12;
            year += month == 0 ? 1 : 0;
        }
        return year * 10_000L + (month + 1) * 100L + day + 1;
    }

    private static int days(int year, int month) {
        return MONTH_DAYS[month] + (month == 1 && year % 4 == 0 ? 1 : 0);
    }

    private int item(int month) {
        int item;
        do {
            item = dice.below(MENU.size());
        } while (!MENU.get(item).isSoldIn(month));
        return item;
    }

    private long store() {
        return 1L + dice.below(STORES.size());
    }

    /** Some come often: of two by chance, the one with the smaller number. */
    private long user() {
        return 1L + Math.min(dice.below(userCount()), dice.below(userCount()));
    }

    private String id() {
        return String.format(Locale.ROOT, "%016x-%08x", dice.next(), dice.next() >>> 32);
    }

    /** SplitMix64, written out so that no change of a library changes the data. */
    private static final class Dice {
        private long state;

        private Dice(long seed) {
            state = seed;
        }

        private long next() {
            state += 0x9E3779B97F4A7C15L;
            long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
            return mixed ^ mixed >>> 31;
        }

        private int below(int bound) {
            return (int) Long.remainderUnsigned(next(), bound);
        }
    }
}
