package dev.recado.apps.coffee.data;

import java.util.List;

/** One row on its way: of a table that a client sends, of partial sums between workers, or of an answer. */
public sealed interface CoffeeRow {

    /**
     * A purchase.
     *
     * @param id as its source names it, 1 to {@link RowRules#ID_CHARS_MAX} characters
     * @param storeId from 1
     * @param userId from 1; 0 where the buyer is not known
     * @param amountCents what was paid, from 0
     * @param moment see {@link Moment}
     */
    record Sale(String id, long storeId, long userId, long amountCents, long moment) implements CoffeeRow {}

    /**
     * One item of a purchase.
     *
     * @param saleId the purchase; empty behind the gateway
     * @param itemId from 1
     * @param quantity from 1
     * @param subtotalCents what all of them cost, from 0
     * @param moment see {@link Moment}
     */
    record SaleItem(String saleId, long itemId, long quantity, long subtotalCents, long moment) implements CoffeeRow {
        /** The same item, of no purchase that is told. */
        public SaleItem withoutSale() {
            return new SaleItem("", itemId, quantity, subtotalCents, moment);
        }
    }

    /** What an id of a catalog stands for: the name of an item or of a store, the date of birth of a user. */
    record Naming(long id, String name) implements CoffeeRow {}

    /**
     * Sums over rows that belong together. Sums of the same group and member may be added in any order.
     *
     * @param group a month ({@code 202401}), a semester ({@code 20241}) or a store
     * @param member an item, a store or a user
     * @param count items sold, or purchases
     * @param cents money
     */
    record GroupSum(long group, long member, long count, long cents) implements CoffeeRow {}

    /** A row of an answer, as it stands in the file. */
    record Answer(List<String> fields) implements CoffeeRow {}
}
