/* For PHP's FFI::cdef, generated; allocator.h has the comments. */

typedef enum {
    ALLOCATOR_OK = 0,
    ALLOCATOR_TOO_MANY_ROWS = 1,
    ALLOCATOR_LENGTH_MISMATCH = 2,
    ALLOCATOR_OUT_OF_RANGE = 3,
    ALLOCATOR_UNKNOWN_COMPLETENESS = 4,
    ALLOCATOR_UNKNOWN_MISFIT = 5,
    ALLOCATOR_DUPLICATE_ID = 6,
    ALLOCATOR_ORDER_DISAGREES = 7,
    ALLOCATOR_DUPLICATE_PLACE = 8,
    ALLOCATOR_UNKNOWN_RULE = 9,
    ALLOCATOR_NAME_TOO_LONG = 10,
    ALLOCATOR_TOO_MANY_NAMES = 11,
    ALLOCATOR_NO_SUCH_ROW = 12,
    ALLOCATOR_CORRUPT = 13,
    ALLOCATOR_UNSOUND_RULE = 14,
    ALLOCATOR_RULE_NEEDS_SINGLE_UNITS = 15,
    ALLOCATOR_UNKNOWN_ORDER_KEY = 16,
    ALLOCATOR_UNSOUND_ORDER = 17,
    ALLOCATOR_UNIT_LOTS = 18,
    ALLOCATOR_GIVEN_ABOVE_AWARD = 19,
    ALLOCATOR_UNKNOWN_AIM = 20,
    ALLOCATOR_SELECTION_TOO_LARGE = 21,
    ALLOCATOR_MISSING_COLUMN = 22,
    ALLOCATOR_NEEDS_SINGLE_UNITS = 23,
    ALLOCATOR_MONEY_TOO_LARGE = 24,
    ALLOCATOR_DRAW_REQUIRED = 25,
    ALLOCATOR_BAD_LABEL = 40,
    ALLOCATOR_CODE_NOT_COMMITTED = 41,
    ALLOCATOR_OTHER_PULSE = 42,
    ALLOCATOR_OTHER_DRAW = 43,
    ALLOCATOR_BAD_RECORD = 44,
    ALLOCATOR_NO_CHANCES = 45,
    ALLOCATOR_TOO_MANY_STEPS = 46,
    ALLOCATOR_OTHER = 63,
    ALLOCATOR_NULL_POINTER = 64,
    ALLOCATOR_MISALIGNED_POINTER = 65,
    ALLOCATOR_BUFFER_TOO_SMALL = 66,
    ALLOCATOR_INVALID_UTF8 = 67,
    ALLOCATOR_INVALID_POLICY = 68,
    ALLOCATOR_UNKNOWN_FIELD = 69,
    ALLOCATOR_RESERVED_NOT_ZERO = 70,
    ALLOCATOR_UNKNOWN_REASON = 71,
    ALLOCATOR_NO_SUCH_ID = 72,
    ALLOCATOR_BAD_HANDLE = 73,
    ALLOCATOR_POISONED = 74,
    ALLOCATOR_PANIC = 75,
    ALLOCATOR_LAW_BROKEN = 76,
    ALLOCATOR_UNKNOWN_IDLE_CAUSE = 77,
} allocator_status;

typedef enum {
    ALLOCATOR_TABLE_NONE = 0,
    ALLOCATOR_TABLE_SUPPLY = 1,
    ALLOCATOR_TABLE_LINES = 2,
    ALLOCATOR_TABLE_OUTCOMES = 3,
    ALLOCATOR_TABLE_PEGS = 4,
    ALLOCATOR_TABLE_IDLE = 5,
    ALLOCATOR_TABLE_ORDERS = 6,
    ALLOCATOR_TABLE_NEED = 7,
    ALLOCATOR_TABLE_COMMAND = 8,
} allocator_table;

typedef enum {
    ALLOCATOR_COMPLETENESS_POLICY = 0,
    ALLOCATOR_COMPLETENESS_PARTIAL = 1,
    ALLOCATOR_COMPLETENESS_LINE = 2,
    ALLOCATOR_COMPLETENESS_ORDER = 3,
} allocator_completeness;

typedef enum {
    ALLOCATOR_MISFIT_POLICY = 0,
    ALLOCATOR_MISFIT_SET_ASIDE = 1,
    ALLOCATOR_MISFIT_PASS = 2,
} allocator_misfit;

typedef enum {
    ALLOCATOR_REASON_NOTHING_ASKED = 0,
    ALLOCATOR_REASON_SERVED = 1,
    ALLOCATOR_REASON_UNKNOWN_SKU = 2,
    ALLOCATOR_REASON_ORDER_HAS_IMPOSSIBLE_LINE = 3,
    ALLOCATOR_REASON_ORDER_INCOMPLETE = 4,
    ALLOCATOR_REASON_LINE_INCOMPLETE = 5,
    ALLOCATOR_REASON_SHORT = 6,
    ALLOCATOR_REASON_NONE = 255,
} allocator_reason;

typedef enum {
    ALLOCATOR_IDLE_SET_ASIDE = 0,
    ALLOCATOR_IDLE_NO_DEMAND = 1,
    ALLOCATOR_IDLE_DOES_NOT_FIT = 2,
} allocator_idle_cause;

typedef enum {
    ALLOCATOR_OVERTAKE_MISFIT = 0,
    ALLOCATOR_OVERTAKE_RULE = 1,
} allocator_overtake_cause;

typedef enum {
    ALLOCATOR_GRADE_NONE = 0,
    ALLOCATOR_GRADE_SAFE = 1,
    ALLOCATOR_GRADE_LEGAL = 2,
    ALLOCATOR_GRADE_ORDERED = 3,
} allocator_grade;

typedef enum {
    ALLOCATOR_LAW_NONE = 0,
    ALLOCATOR_LAW_NEVER_BEYOND_RECEIVED = 1,
    ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED = 2,
    ALLOCATOR_LAW_SHIPS_WHOLE = 3,
    ALLOCATOR_LAW_NO_QUEUE_JUMPING = 4,
    ALLOCATOR_LAW_NOTHING_IDLE = 5,
    ALLOCATOR_LAW_TRUE_REASON = 6,
} allocator_law;

typedef enum {
    ALLOCATOR_AXIOM_RESOURCE_MONOTONE = 0,
    ALLOCATOR_AXIOM_CANCEL_MONOTONE = 1,
    ALLOCATOR_AXIOM_CONSISTENCY = 2,
    ALLOCATOR_AXIOM_NULL_AWARD_LEAVES = 3,
    ALLOCATOR_AXIOM_SERVED_LEAVES = 4,
    ALLOCATOR_AXIOM_COMPOSITION_UP = 5,
    ALLOCATOR_AXIOM_COMPOSITION_DOWN = 6,
    ALLOCATOR_AXIOM_BALANCED_EQUALS = 7,
    ALLOCATOR_AXIOM_SENIORITY_EQUALS = 8,
    ALLOCATOR_AXIOM_NO_OVERTAKE = 9,
    ALLOCATOR_AXIOM_ORDER_GAINS_STRICT = 10,
    ALLOCATOR_AXIOM_ORDER_GAINS_PM1 = 11,
    ALLOCATOR_AXIOM_ORDER_LOSSES_STRICT = 12,
    ALLOCATOR_AXIOM_ORDER_LOSSES_PM1 = 13,
    ALLOCATOR_AXIOM_LOWER_QUOTA = 14,
    ALLOCATOR_AXIOM_UPPER_QUOTA = 15,
    ALLOCATOR_AXIOM_NOBODY_EMPTY = 16,
    ALLOCATOR_AXIOM_CLAIM_MONOTONE = 17,
    ALLOCATOR_AXIOM_OTHERS_NEVER_GAIN_FROM_MY_INCREASE = 18,
    ALLOCATOR_AXIOM_INFLATION_PROOF = 19,
    ALLOCATOR_AXIOM_TRUNCATION_INVARIANT = 20,
    ALLOCATOR_AXIOM_SPLIT_PROOF = 21,
    ALLOCATOR_AXIOM_MERGE_PROOF = 22,
    ALLOCATOR_AXIOM_SELF_DUAL_REVERSED_TIES = 23,
} allocator_axiom;

typedef enum {
    ALLOCATOR_CUT_NOTHING_ASKED = 0,
    ALLOCATOR_CUT_KEPT = 1,
    ALLOCATOR_CUT_NEVER_SERVED = 2,
    ALLOCATOR_CUT_VOLUNTEERED = 3,
    ALLOCATOR_CUT_ORDER_CHOSEN = 4,
    ALLOCATOR_CUT_SHIPS_WHOLE = 5,
    ALLOCATOR_CUT_SHORTAGE = 6,
} allocator_cut_reason;

typedef enum {
    ALLOCATOR_ONE_OFF_PASSES = 0,
    ALLOCATOR_ONE_OFF_LARGEST_REMAINDER = 1,
    ALLOCATOR_ONE_OFF_WHOLE_ORDERS = 2,
} allocator_one_off;

typedef enum {
    ALLOCATOR_EVENT_SECOND_SHIPMENT = 0,
    ALLOCATOR_EVENT_SUPPLY_REVISED_DOWN = 1,
    ALLOCATOR_EVENT_CANCELLATION = 2,
    ALLOCATOR_EVENT_EMPTY_HANDED_LEAVES = 3,
    ALLOCATOR_EVENT_REDUCTION = 4,
    ALLOCATOR_EVENT_INCREASE = 5,
    ALLOCATOR_EVENT_SHIPPED_LEAVES = 6,
} allocator_shortage_event;

typedef enum {
    ALLOCATOR_MAX_NAME_BYTES = 1024,
    ALLOCATOR_MAX_POLICY_BYTES = 4096,
    ALLOCATOR_MIN_CODE_BYTES = 16,
    ALLOCATOR_MAX_RECORD_BYTES = 16384,
} allocator_limit;

typedef struct allocator_allocation allocator_allocation;

typedef struct allocator_comparison allocator_comparison;

typedef struct allocator_draw allocator_draw;

typedef struct allocator_draw_required allocator_draw_required;

typedef struct allocator_interner allocator_interner;

typedef struct allocator_plan allocator_plan;

typedef struct {
    int64_t line;
    int64_t order;
    int64_t customer;
    int64_t sku;
    int64_t quantity;
    int64_t priority;
    int64_t placed_at;
    int64_t sequence;
    int64_t lot;
    int64_t score;
    uint8_t completeness;
    uint8_t on_misfit;
    uint8_t reserved[2];
    int32_t weight;
} allocator_line;

typedef struct {
    int64_t supply;
    int64_t sku;
    int64_t quantity;
    int64_t sequence;
    uint8_t reserved[8];
} allocator_supply;

typedef struct {
    int64_t quantity;
    int64_t allocated;
    int64_t set_aside;
    int64_t waiting;
    int64_t never;
    int64_t covered;
    uint8_t reason;
    uint8_t reserved[7];
} allocator_outcome;

typedef struct {
    int32_t code;
    int32_t table;
    int64_t row;
    int64_t first_row;
    char field[32];
    char message[256];
} allocator_error;

typedef struct {
    int64_t row;
    int64_t supply;
    int64_t units;
} allocator_peg;

typedef struct {
    int64_t sku;
    int64_t row;
    int64_t units;
    uint8_t cause;
    uint8_t reserved[7];
} allocator_idle;

typedef struct {
    int32_t grade;
    int32_t law;
    int64_t row;
    int64_t sku;
    int64_t expected;
    int64_t found;
    uint8_t has_figures;
    uint8_t reserved[7];
    char what[64];
    char message[256];
} allocator_verdict;

typedef struct {
    int64_t later;
    int64_t earlier;
    uint8_t because;
    uint8_t reserved[7];
} allocator_overtake;

typedef struct {
    int64_t position;
    int64_t units_ahead;
} allocator_place;

typedef struct {
    int64_t ordered;
    int64_t received;
    int64_t allocated;
    int64_t set_aside;
    int64_t waiting;
    int64_t never;
    int64_t idle;
    int64_t lines_full;
    int64_t lines_partial;
    int64_t lines_none;
} allocator_summary;

typedef struct {
    int64_t line;
    int64_t row;
    int64_t sku;
    allocator_outcome outcome;
    allocator_place place;
    int64_t received;
    int64_t if_before_line;
    int64_t if_before_row;
    int64_t if_partial;
} allocator_explanation;

typedef struct {
    int64_t sku;
    int64_t units;
} allocator_more_units;

typedef struct {
    int64_t sku;
    int64_t row;
    int64_t unit;
} allocator_threshold;

typedef struct {
    int64_t order;
    int64_t sku;
    int64_t quantity;
} allocator_order_units;

typedef struct {
    int64_t orders;
    int64_t refund;
    int64_t p;
    int64_t q;
    uint8_t exists;
    uint8_t is_exact;
    uint8_t reserved[6];
} allocator_cut;

typedef struct {
    allocator_cut plan;
    allocator_cut below;
    allocator_cut above;
} allocator_selection;

typedef struct {
    int64_t rows;
    const int64_t *unit_price;
    const int64_t *given;
    const int64_t *credit;
    const int64_t *offered;
    const int64_t *asked;
    int64_t reserved[2];
} allocator_cancel_terms;

typedef struct {
    int64_t low;
    int64_t high;
} allocator_amount;

typedef struct {
    int64_t line;
    int64_t sku;
    int64_t quantity;
    int64_t kept;
    int64_t cut;
    int64_t given;
    int64_t volunteered;
    int64_t credit_spent;
    allocator_amount refund;
    allocator_amount compensation;
    uint8_t reason;
    uint8_t has_refund;
    uint8_t reserved[6];
} allocator_planned_line;

typedef struct {
    int64_t ordered;
    int64_t received;
    int64_t kept;
    int64_t cut;
    int64_t volunteered;
    int64_t credit_spent;
    int64_t idle;
    int64_t lines_cut;
    int64_t lines_cancelled;
    allocator_amount refund;
    allocator_amount compensation;
    uint8_t has_refund;
    uint8_t reserved[7];
} allocator_plan_sums;

typedef struct {
    allocator_amount p;
    allocator_amount q;
    uint8_t is_choice;
    uint8_t is_exact;
    uint8_t reserved[6];
} allocator_optimality;

typedef struct {
    int64_t low_ppm;
    int64_t high_ppm;
    char exact[80];
    char rounded[16];
} allocator_figure;

typedef struct {
    int64_t units_ordered;
    int64_t units_kept;
    int64_t units_cut;
    int64_t customers;
    int64_t customers_touched;
    int64_t customers_cancelled;
    int64_t orders;
    int64_t orders_touched;
    int64_t orders_cancelled;
    int64_t largest_cut;
    int64_t largest_award;
    int64_t overtakes;
    int64_t idle;
    int64_t idle_by_cause[4];
    int64_t lines_losing;
    int64_t units_lost;
    int64_t lines_gaining;
    int64_t units_gained;
    allocator_amount refund;
    uint8_t has_refund;
    uint8_t has_moved;
    uint8_t has_lowest_fill;
    uint8_t reserved[5];
    allocator_figure lowest_fill;
    allocator_figure jain_units;
    allocator_figure jain_fill;
    allocator_figure gini_units;
    allocator_figure gini_fill;
} allocator_metrics;

typedef struct {
    allocator_metrics metrics;
    allocator_amount compensation;
    allocator_optimality optimality;
    int64_t one_off;
    char digest[40];
} allocator_comparison_row;

typedef struct {
    int64_t low_ppm;
    int64_t high_ppm;
    uint64_t numerator[2];
    uint64_t denominator[2];
} allocator_chance;

typedef struct {
    allocator_chance full;
    allocator_chance nothing;
    allocator_chance expected;
} allocator_chances;

allocator_status allocator_allocate(const char *policy,
                                    const allocator_line *lines,
                                    int64_t lines_len,
                                    const allocator_supply *supply,
                                    int64_t supply_len,
                                    allocator_outcome *out,
                                    int64_t out_len,
                                    allocator_error *err);

allocator_status allocator_allocate_drawn(const char *policy,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          allocator_outcome *out,
                                          int64_t out_len,
                                          allocator_error *err);

allocator_status allocator_validate(const char *policy,
                                    const allocator_line *lines,
                                    int64_t lines_len,
                                    const allocator_supply *supply,
                                    int64_t supply_len,
                                    allocator_error *faults,
                                    int64_t faults_len,
                                    int64_t *needed,
                                    allocator_error *err);

allocator_status allocator_validate_drawn(const char *policy,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          allocator_error *faults,
                                          int64_t faults_len,
                                          int64_t *needed,
                                          allocator_error *err);

allocator_status allocator_outcome_reported(int64_t quantity,
                                            int64_t allocated,
                                            allocator_outcome *out,
                                            allocator_error *err);

allocator_status allocator_verify(const char *policy,
                                  const allocator_line *lines,
                                  int64_t lines_len,
                                  const allocator_supply *supply,
                                  int64_t supply_len,
                                  const allocator_outcome *outcomes,
                                  int64_t outcomes_len,
                                  const allocator_peg *pegs,
                                  int64_t pegs_len,
                                  const allocator_idle *idle,
                                  int64_t idle_len,
                                  allocator_verdict *verdict,
                                  allocator_error *err);

allocator_status allocator_verify_drawn(const char *policy,
                                        const allocator_line *lines,
                                        int64_t lines_len,
                                        const allocator_supply *supply,
                                        int64_t supply_len,
                                        const int64_t *unit_lots,
                                        int64_t unit_lots_len,
                                        const allocator_outcome *outcomes,
                                        int64_t outcomes_len,
                                        const allocator_peg *pegs,
                                        int64_t pegs_len,
                                        const allocator_idle *idle,
                                        int64_t idle_len,
                                        allocator_verdict *verdict,
                                        allocator_error *err);

allocator_status allocator_allocation_new(const char *policy,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          allocator_allocation **out,
                                          allocator_error *err);

allocator_status allocator_allocation_new_drawn(const char *policy,
                                                const allocator_line *lines,
                                                int64_t lines_len,
                                                const allocator_supply *supply,
                                                int64_t supply_len,
                                                const int64_t *unit_lots,
                                                int64_t unit_lots_len,
                                                allocator_allocation **out,
                                                allocator_error *err);

void allocator_allocation_free(allocator_allocation *allocation);

allocator_status allocator_allocation_outcomes(const allocator_allocation *allocation,
                                               allocator_outcome *out,
                                               int64_t out_len,
                                               int64_t *needed,
                                               allocator_error *err);

allocator_status allocator_allocation_increment(const allocator_allocation *allocation,
                                                const int64_t *given,
                                                int64_t given_len,
                                                int64_t *out,
                                                int64_t out_len,
                                                int64_t *needed,
                                                allocator_error *err);

allocator_status allocator_allocation_pegs(const allocator_allocation *allocation,
                                           allocator_peg *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_allocation_pegs_of(const allocator_allocation *allocation,
                                              int64_t row,
                                              allocator_peg *out,
                                              int64_t out_len,
                                              int64_t *needed,
                                              allocator_error *err);

allocator_status allocator_allocation_idle(const allocator_allocation *allocation,
                                           allocator_idle *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_allocation_overtakes(const allocator_allocation *allocation,
                                                int64_t offset,
                                                allocator_overtake *out,
                                                int64_t out_len,
                                                int64_t *written,
                                                allocator_error *err);

allocator_status allocator_allocation_overtake_count(const allocator_allocation *allocation,
                                                     int64_t *out,
                                                     allocator_error *err);

allocator_status allocator_allocation_is_one_off(const allocator_allocation *allocation,
                                                 int64_t *out,
                                                 allocator_error *err);

allocator_status allocator_allocation_places(const allocator_allocation *allocation,
                                             allocator_place *out,
                                             int64_t out_len,
                                             int64_t *needed,
                                             allocator_error *err);

allocator_status allocator_allocation_summary(const allocator_allocation *allocation,
                                              allocator_summary *out,
                                              allocator_error *err);

allocator_status allocator_allocation_text(const allocator_allocation *allocation,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_allocation_explain(const allocator_allocation *allocation,
                                              int64_t row,
                                              allocator_explanation *out,
                                              allocator_more_units *more,
                                              int64_t more_len,
                                              int64_t *more_needed,
                                              allocator_error *err);

allocator_status allocator_allocation_explain_text(const allocator_allocation *allocation,
                                                   int64_t row,
                                                   const allocator_interner *line_names,
                                                   const allocator_interner *sku_names,
                                                   char *text,
                                                   int64_t text_len,
                                                   int64_t *needed,
                                                   allocator_error *err);

allocator_status allocator_allocation_verify(const allocator_allocation *allocation,
                                             allocator_verdict *verdict,
                                             allocator_error *err);

allocator_status allocator_allocation_thresholds(const allocator_allocation *allocation,
                                                 allocator_threshold *out,
                                                 int64_t out_len,
                                                 int64_t *needed,
                                                 allocator_error *err);

allocator_status allocator_allocation_key_text(const allocator_allocation *allocation,
                                               int64_t row,
                                               int64_t unit,
                                               char *text,
                                               int64_t text_len,
                                               int64_t *needed,
                                               allocator_error *err);

allocator_status allocator_allocation_unit_is_within(const allocator_allocation *allocation,
                                                     int64_t row,
                                                     int64_t unit,
                                                     int64_t *out,
                                                     allocator_error *err);

allocator_status allocator_select_orders(const char *aim,
                                         const allocator_order_units *units,
                                         int64_t units_len,
                                         const int64_t *refund,
                                         int64_t refund_len,
                                         const int64_t *need,
                                         int64_t need_len,
                                         uint8_t *cut,
                                         int64_t cut_len,
                                         allocator_selection *out,
                                         allocator_error *err);

allocator_status allocator_interner_new(int64_t seed,
                                        allocator_interner **out,
                                        allocator_error *err);

void allocator_interner_free(allocator_interner *interner);

allocator_status allocator_interner_intern(allocator_interner *interner,
                                           const char *name,
                                           int64_t name_len,
                                           int64_t *id,
                                           allocator_error *err);

allocator_status allocator_interner_id(const allocator_interner *interner,
                                       const char *name,
                                       int64_t name_len,
                                       int64_t *id,
                                       allocator_error *err);

allocator_status allocator_interner_name(const allocator_interner *interner,
                                         int64_t id,
                                         char *text,
                                         int64_t text_len,
                                         int64_t *needed,
                                         allocator_error *err);

allocator_status allocator_interner_len(const allocator_interner *interner,
                                        int64_t *out,
                                        allocator_error *err);

allocator_status allocator_method_name(const char *method,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

allocator_status allocator_method_sentence(const char *method,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_plan_new(const char *method,
                                    const allocator_line *lines,
                                    int64_t lines_len,
                                    const allocator_supply *supply,
                                    int64_t supply_len,
                                    const allocator_cancel_terms *terms,
                                    allocator_plan **out,
                                    allocator_error *err);

allocator_status allocator_plan_new_drawn(const char *method,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          const allocator_cancel_terms *terms,
                                          allocator_plan **out,
                                          allocator_error *err);

void allocator_plan_free(allocator_plan *plan);

allocator_status allocator_plan_lines(const allocator_plan *plan,
                                      allocator_planned_line *out,
                                      int64_t out_len,
                                      int64_t *needed,
                                      allocator_error *err);

allocator_status allocator_plan_idle(const allocator_plan *plan,
                                     allocator_idle *out,
                                     int64_t out_len,
                                     int64_t *needed,
                                     allocator_error *err);

allocator_status allocator_plan_more_units(const allocator_plan *plan,
                                           int64_t row,
                                           allocator_more_units *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_plan_totals(const allocator_plan *plan,
                                       allocator_plan_sums *out,
                                       allocator_error *err);

allocator_status allocator_plan_text(const allocator_plan *plan,
                                     char *text,
                                     int64_t text_len,
                                     int64_t *needed,
                                     allocator_error *err);

allocator_status allocator_plan_method(const allocator_plan *plan,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

allocator_status allocator_plan_sentence(const allocator_plan *plan,
                                         int64_t row,
                                         const allocator_interner *sku_names,
                                         char *text,
                                         int64_t text_len,
                                         int64_t *needed,
                                         allocator_error *err);

allocator_status allocator_plan_digest(const allocator_plan *plan,
                                       const allocator_interner *line_names,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

allocator_status allocator_plan_one_off(const allocator_plan *plan,
                                        int64_t *out,
                                        allocator_error *err);

allocator_status allocator_plan_optimality(const allocator_plan *plan,
                                           allocator_optimality *out,
                                           allocator_error *err);

allocator_status allocator_verify_plan(const char *method,
                                       const allocator_line *lines,
                                       int64_t lines_len,
                                       const allocator_supply *supply,
                                       int64_t supply_len,
                                       const int64_t *unit_lots,
                                       int64_t unit_lots_len,
                                       const allocator_cancel_terms *terms,
                                       const allocator_planned_line *planned,
                                       int64_t planned_len,
                                       const allocator_idle *idle,
                                       int64_t idle_len,
                                       allocator_verdict *verdict,
                                       allocator_error *err);

allocator_status allocator_comparison_new(const char *const *methods,
                                          int64_t methods_len,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          const allocator_cancel_terms *terms,
                                          const int64_t *previous,
                                          int64_t previous_len,
                                          allocator_comparison **out,
                                          allocator_error *err);

void allocator_comparison_free(allocator_comparison *comparison);

allocator_status allocator_comparison_rows(const allocator_comparison *comparison,
                                           allocator_comparison_row *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_comparison_text(const allocator_comparison *comparison,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_comparison_method(const allocator_comparison *comparison,
                                             int64_t row,
                                             char *text,
                                             int64_t text_len,
                                             int64_t *needed,
                                             allocator_error *err);

allocator_status allocator_metrics_of(const char *order,
                                      const allocator_line *lines,
                                      int64_t lines_len,
                                      const int64_t *kept,
                                      int64_t kept_len,
                                      const int64_t *previous,
                                      int64_t previous_len,
                                      const int64_t *refund,
                                      int64_t refund_len,
                                      const allocator_idle *idle,
                                      int64_t idle_len,
                                      int64_t received,
                                      allocator_metrics *out,
                                      allocator_error *err);

int32_t allocator_shortage_event_axiom(int32_t event);

allocator_status allocator_shortage_event_is_harmless(const char *policy,
                                                      int32_t event,
                                                      int64_t *out,
                                                      allocator_error *err);

allocator_status allocator_draw_required_new(const char *policy,
                                             const char *labels,
                                             int64_t labels_len,
                                             const int64_t *units,
                                             int64_t units_len,
                                             allocator_draw_required **out,
                                             allocator_error *err);

void allocator_draw_required_free(allocator_draw_required *required);

allocator_status allocator_draw_required_counts(const allocator_draw_required *required,
                                                int64_t *rows,
                                                int64_t *entries,
                                                allocator_error *err);

allocator_status allocator_draw_required_drawn(const allocator_draw_required *required,
                                               char *text,
                                               int64_t text_len,
                                               int64_t *needed,
                                               allocator_error *err);

allocator_status allocator_draw_required_list_hash(const allocator_draw_required *required,
                                                   char *text,
                                                   int64_t text_len,
                                                   int64_t *needed,
                                                   allocator_error *err);

allocator_status allocator_draw_required_list(const allocator_draw_required *required,
                                              char *text,
                                              int64_t text_len,
                                              int64_t *needed,
                                              allocator_error *err);

allocator_status allocator_draw_required_announce(const allocator_draw_required *required,
                                                  const char *commitment,
                                                  int64_t draw,
                                                  int64_t round,
                                                  char *text,
                                                  int64_t text_len,
                                                  int64_t *needed,
                                                  allocator_error *err);

allocator_status allocator_draw_new(const char *announcement,
                                    const uint8_t *code,
                                    int64_t code_len,
                                    const uint8_t *randomness,
                                    int64_t randomness_len,
                                    allocator_draw **out,
                                    allocator_error *err);

allocator_status allocator_draw_read(const char *record,
                                     allocator_draw **out,
                                     allocator_error *err);

void allocator_draw_free(allocator_draw *draw);

allocator_status allocator_draw_text(const allocator_draw *draw,
                                     char *text,
                                     int64_t text_len,
                                     int64_t *needed,
                                     allocator_error *err);

allocator_status allocator_draw_lots(const allocator_draw *draw,
                                     const allocator_draw_required *required,
                                     int64_t *lots,
                                     int64_t lots_len,
                                     int64_t *needed,
                                     allocator_error *err);

allocator_status allocator_draw_unit_lots(const allocator_draw *draw,
                                          const allocator_draw_required *required,
                                          int64_t *lots,
                                          int64_t lots_len,
                                          int64_t *needed,
                                          allocator_error *err);

allocator_status allocator_draw_order(const allocator_draw *draw,
                                      const allocator_draw_required *required,
                                      char *text,
                                      int64_t text_len,
                                      int64_t *needed,
                                      allocator_error *err);

allocator_status allocator_draw_position(const allocator_draw *draw,
                                         const char *label,
                                         int64_t label_len,
                                         char *text,
                                         int64_t text_len,
                                         int64_t *needed,
                                         allocator_error *err);

allocator_status allocator_draw_lot(const allocator_draw *draw,
                                    const char *label,
                                    int64_t label_len,
                                    int64_t *out,
                                    allocator_error *err);

allocator_status allocator_commitment(const uint8_t *code,
                                      int64_t code_len,
                                      char *text,
                                      int64_t text_len,
                                      int64_t *needed,
                                      allocator_error *err);

allocator_status allocator_chain_commitment(const uint8_t *secret,
                                            int64_t secret_len,
                                            int64_t draws,
                                            char *text,
                                            int64_t text_len,
                                            int64_t *needed,
                                            allocator_error *err);

allocator_status allocator_chain_code(const uint8_t *secret,
                                      int64_t secret_len,
                                      int64_t draws,
                                      int64_t draw,
                                      uint8_t *code,
                                      int64_t code_len,
                                      int64_t *needed,
                                      allocator_error *err);

allocator_status allocator_beacon_round_at(int64_t genesis,
                                           int64_t period,
                                           int64_t unix_seconds,
                                           int64_t *out,
                                           allocator_error *err);

allocator_status allocator_beacon_time_of(int64_t genesis,
                                          int64_t period,
                                          int64_t round,
                                          int64_t *out,
                                          allocator_error *err);

allocator_status allocator_beacon_randomness(const uint8_t *signature,
                                             int64_t signature_len,
                                             uint8_t *randomness,
                                             int64_t randomness_len,
                                             int64_t *needed,
                                             allocator_error *err);

allocator_status allocator_draw_chances(const allocator_draw_required *required,
                                        const allocator_line *lines,
                                        int64_t lines_len,
                                        const allocator_supply *supply,
                                        int64_t supply_len,
                                        allocator_chances *out,
                                        int64_t out_len,
                                        allocator_error *err);

allocator_status allocator_policy_name(const char *policy,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

allocator_status allocator_policy_sentence(const char *policy,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_policy_standing(const char *policy,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

allocator_status allocator_rule_keeps(const char *policy, int64_t *out, allocator_error *err);

const char *allocator_reason_name(int32_t reason);

const char *allocator_reason_sentence(int32_t reason);

int32_t allocator_reason_is_never(int32_t reason);

const char *allocator_idle_cause_name(int32_t cause);

const char *allocator_idle_cause_sentence(int32_t cause);

const char *allocator_overtake_cause_name(int32_t cause);

const char *allocator_overtake_cause_sentence(int32_t cause);

const char *allocator_cut_reason_name(int32_t reason);

const char *allocator_cut_reason_sentence(int32_t reason);

const char *allocator_one_off_name(int32_t one_off);

const char *allocator_one_off_sentence(int32_t one_off);

const char *allocator_shortage_event_name(int32_t event);

const char *allocator_shortage_event_sentence(int32_t event);

const char *allocator_completeness_name(int32_t completeness);

const char *allocator_misfit_name(int32_t misfit);

const char *allocator_grade_name(int32_t grade);

const char *allocator_law_name(int32_t law);

const char *allocator_axiom_name(int32_t axiom);

const char *allocator_axiom_sentence(int32_t axiom);

const char *allocator_status_name(int32_t status);

const char *allocator_version(void);
