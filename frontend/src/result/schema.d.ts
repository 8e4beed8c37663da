// Generated from causal_impact.schema.json (`result_schema` of GET /api/v1/agents/causal_impact) by `npm run types`. Do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * CausalImpactResult
     * @description An effect with everything needed to judge, plot and repeat it.
     */
    CausalImpactResult: {
      /** @description Whether the estimators agree; absent when there is nothing to compare. */
      agreement?: {
        /** @description One entry a comparison. */
        comparisons: {
          /**
           * Format: double
           * @description Adjusted by Holm for all comparisons.
           */
          adjusted_p_value: number;
          /** @description The one that it is held against. */
          against:
            | "difference_in_means"
            | "regression_adjustment"
            | "ancova"
            | "change_score"
            | "inverse_propensity_weighting"
            | "propensity_matching"
            | "mahalanobis_matching"
            | "aipw_linear"
            | "aipw_boosted"
            | "partially_linear"
            | "partially_linear_boosted"
            | "two_by_two"
            | "two_way_fixed_effects"
            | "callaway_santanna";
          /**
           * Format: double
           * @description Its estimate less the other's.
           */
          difference: number;
          /** @description The estimator. */
          estimator:
            | "difference_in_means"
            | "regression_adjustment"
            | "ancova"
            | "change_score"
            | "inverse_propensity_weighting"
            | "propensity_matching"
            | "mahalanobis_matching"
            | "aipw_linear"
            | "aipw_boosted"
            | "partially_linear"
            | "partially_linear_boosted"
            | "two_by_two"
            | "two_way_fixed_effects"
            | "callaway_santanna";
          /** @description Whether it is a red flag: beyond chance, and large beside the estimate's own error. */
          flagged: boolean;
          /** @description How that error was found. */
          method: string;
          /**
           * Format: double
           * @description Probability of a difference at least this large if both estimated the same number.
           */
          p_value: number;
          /**
           * Format: double
           * @description Standard error of the difference.
           */
          standard_error: number;
        }[];
        /** @description The finding in a sentence. */
        finding: string;
        /** @description Whether any is a red flag. */
        flagged: boolean;
      } | null;
      /** @description With a baseline: ANCOVA beside the change score. */
      before_after?: {
        /** @description Whether they differ beyond chance. */
        apart: boolean;
        /** @description From the lowest to the highest end of the two intervals: what holds whichever assumption is right. */
        bracket: {
          /**
           * Format: double
           * @description Confidence level, as 0.95.
           */
          confidence_level: number;
          /**
           * Format: double
           * @description Lower end.
           */
          lower: number;
          /**
           * Format: double
           * @description Upper end.
           */
          upper: number;
        };
        /**
         * Format: double
         * @description ANCOVA less change score.
         */
        difference: number;
        /** @description The finding in a sentence. */
        finding: string;
        /**
         * Format: double
         * @description Its standard error.
         */
        standard_error: number;
      } | null;
      /** @description A treatment of several arms: each arm against the control, by each estimator. */
      contrasts: {
        /**
         * Format: double
         * @description Adjusted by Holm for all arms of this estimator.
         */
        adjusted_p_value: number;
        /** @description The arm. */
        arm: string;
        /**
         * Format: uint64
         * @description Rows in the arm.
         */
        arm_rows: number;
        /** @description What it is compared with. */
        control: string;
        /**
         * Format: uint64
         * @description Rows in the control.
         */
        control_rows: number;
        /**
         * Format: double
         * @description Mean difference in the outcome.
         */
        estimate: number;
        /** @description The estimator. */
        estimator:
          | "difference_in_means"
          | "regression_adjustment"
          | "ancova"
          | "change_score"
          | "inverse_propensity_weighting"
          | "propensity_matching"
          | "mahalanobis_matching"
          | "aipw_linear"
          | "aipw_boosted"
          | "partially_linear"
          | "partially_linear_boosted"
          | "two_by_two"
          | "two_way_fixed_effects"
          | "callaway_santanna";
        /** @description Confidence interval of this contrast alone. */
        interval: {
          /**
           * Format: double
           * @description Confidence level, as 0.95.
           */
          confidence_level: number;
          /**
           * Format: double
           * @description Lower end.
           */
          lower: number;
          /**
           * Format: double
           * @description Upper end.
           */
          upper: number;
        };
        /**
         * Format: double
         * @description Two-sided p-value of this contrast alone.
         */
        p_value: number;
        /**
         * Format: double
         * @description Its standard error.
         */
        standard_error: number;
      }[];
      /** @description How the treatment came about, as stated by the analyst. */
      design: "randomised" | "observational";
      /** @description Rows, balance, summaries, checks of the design. */
      diagnostics: {
        /** @description Category whose levels were absorbed instead of coded one by one, with their number; the estimate is the same. */
        absorbed?: {
          /** @description The column. */
          column: string;
          /**
           * Format: uint64
           * @description How many.
           */
          count: number;
        } | null;
        /** @description How far the arms differ before adjustment. */
        balance: {
          /**
           * Format: double
           * @description Largest size.
           */
          largest: number;
          /** @description What is measured, in words. */
          measure: string;
          /** @description One row a covariate or level. */
          rows: {
            /** @description The covariate. */
            covariate: string;
            /** @description Whether it is above the threshold. */
            flagged: boolean;
            /** @description The level, for a category. */
            level?: string | null;
            /**
             * Format: double
             * @description Standardized mean difference, or correlation with a continuous treatment.
             */
            value: number;
          }[];
          /**
           * Format: double
           * @description Above this in size a row is flagged.
           */
          threshold: number;
        };
        /** @description Outcome and covariates by arm. */
        columns: {
          /** @description One entry an arm. */
          arms: {
            /** @description The arm; `all` for a continuous treatment. */
            arm: string;
            /**
             * Format: double
             * @description Mean.
             */
            mean: number;
            /** @description Minimum, quartiles, maximum. */
            quantiles: number[];
            /**
             * Format: uint64
             * @description Rows.
             */
            rows: number;
            /**
             * Format: double
             * @description Standard deviation.
             */
            standard_deviation: number;
          }[];
          /** @description The column. */
          column: string;
          /** @description One entry an arm and level; the most frequent levels. */
          levels: {
            /** @description The arm. */
            arm: string;
            /** @description The level. */
            level: string;
            /**
             * Format: uint64
             * @description Rows.
             */
            rows: number;
            /**
             * Format: double
             * @description Share of the arm's rows.
             */
            share: number;
          }[];
        }[];
        /** @description Randomised design: whether the covariates together predict the treatment. */
        joint_balance?: {
          /**
           * Format: double
           * @description Its denominator degrees of freedom.
           */
          denominator_degrees_of_freedom: number;
          /** @description The finding in a sentence. */
          finding: string;
          /** @description Whether it is a red flag. */
          flagged: boolean;
          /**
           * Format: double
           * @description Its numerator degrees of freedom.
           */
          numerator_degrees_of_freedom: number;
          /**
           * Format: double
           * @description Probability of an F at least this large under randomisation.
           */
          p_value: number;
          /**
           * Format: double
           * @description Share of the treatment's variation explained.
           */
          r_squared: number;
          /**
           * Format: double
           * @description F statistic.
           */
          statistic: number;
        } | null;
        /** @description Missing values of each column used that has any. */
        missing: {
          /** @description The column. */
          column: string;
          /**
           * Format: uint64
           * @description How many.
           */
          count: number;
        }[];
        /**
         * Format: uint64
         * @description Rows dropped because a value was missing and the analyst asked for it.
         */
        rows_dropped: number;
        /**
         * Format: uint64
         * @description Rows of the dataset.
         */
        rows_given: number;
        /**
         * Format: uint64
         * @description Rows used.
         */
        rows_used: number;
        /** @description Sizes of the arms. */
        split?: {
          /**
           * Format: uint64
           * @description Control rows.
           */
          control_rows: number;
          /** @description Test against the planned share, where one was given. */
          test?: {
            /**
             * Format: double
             * @description Planned share of treated rows.
             */
            expected_share: number;
            /** @description The finding in a sentence. */
            finding: string;
            /** @description Whether it is a red flag. */
            flagged: boolean;
            /**
             * Format: double
             * @description Probability of a split at least this far from the plan.
             */
            p_value: number;
            /**
             * Format: double
             * @description Chi-square with one degree of freedom.
             */
            statistic: number;
          } | null;
          /**
           * Format: uint64
           * @description Treated rows.
           */
          treated_rows: number;
          /**
           * Format: double
           * @description Share of treated rows.
           */
          treated_share: number;
        } | null;
      };
      /** @description Whose effect it is. */
      estimand: "everybody" | "treated" | "variance_weighted" | "association";
      /**
       * Format: double
       * @description The effect: treated less control, or per unit of a continuous treatment; with several arms, of the first.
       */
      estimate: number;
      /** @description One entry an estimator; the one at the head comes first. */
      estimates: {
        /** @description What exactly the standard error is. */
        convention: {
          /**
           * Format: uint64
           * @description Clusters, for errors that allow for them.
           */
          clusters?: number | null;
          /**
           * Format: double
           * @description Degrees of freedom of interval and p-value; none for the normal distribution.
           */
          degrees_of_freedom?: number | null;
          /** @description What the statistic is compared with. */
          distribution: "student_t" | "normal";
          /** @description Formula; `r` and `e` are the residuals of treatment and outcome, `h` the leverages. */
          formula: string;
          /** @description Which. */
          kind:
            | "classical"
            | "hc1"
            | "hc2"
            | "hc3"
            | "cluster"
            | "influence_function"
            | "estimated_propensity"
            | "abadie_imbens";
          /**
           * Format: uint64
           * @description Parameters, absorbed levels included, of linear estimators.
           */
          parameters?: number | null;
          /**
           * Format: uint64
           * @description Rows.
           */
          rows: number;
          /** @description Where else the same number comes out. */
          same_as: string[];
          /**
           * Format: double
           * @description Factor on the variance for small samples.
           */
          small_sample_factor: number;
        };
        /** @description Whose effect. */
        estimand: "everybody" | "treated" | "variance_weighted" | "association";
        /**
         * Format: double
         * @description The effect.
         */
        estimate: number;
        /** @description The estimator. */
        estimator:
          | "difference_in_means"
          | "regression_adjustment"
          | "ancova"
          | "change_score"
          | "inverse_propensity_weighting"
          | "propensity_matching"
          | "mahalanobis_matching"
          | "aipw_linear"
          | "aipw_boosted"
          | "partially_linear"
          | "partially_linear_boosted"
          | "two_by_two"
          | "two_way_fixed_effects"
          | "callaway_santanna";
        /**
         * Format: uint64
         * @description Folds of cross-fitting.
         */
        folds?: number | null;
        /** @description Confidence interval. */
        interval: {
          /**
           * Format: double
           * @description Confidence level, as 0.95.
           */
          confidence_level: number;
          /**
           * Format: double
           * @description Lower end.
           */
          lower: number;
          /**
           * Format: double
           * @description Upper end.
           */
          upper: number;
        };
        /** @description What matching found, of matching estimators. */
        matching?: {
          /**
           * Format: double
           * @description Largest standardized mean difference among the matched.
           */
          largest_difference_after: number;
          /**
           * Format: double
           * @description Largest standardized mean difference before.
           */
          largest_difference_before: number;
          /**
           * Format: uint64
           * @description Rows with at least one match: those the effect speaks for.
           */
          matched: number;
          /**
           * Format: uint64
           * @description Control rows that sought one and found none.
           */
          unmatched_control: number;
          /**
           * Format: uint64
           * @description Treated rows that found none.
           */
          unmatched_treated: number;
        } | null;
        /** @description What the number means, in words. */
        meaning: string;
        /** @description How well the nuisance models predict rows they have not seen, of doubly robust estimators. */
        nuisances: {
          /** @description What is predicted. */
          name: string;
          /**
           * Format: double
           * @description Share of its variation explained; negative when worse than the mean.
           */
          r_squared: number;
          /**
           * Format: double
           * @description Root mean squared error.
           */
          root_mean_squared_error: number;
        }[];
        /**
         * Format: double
         * @description Two-sided p-value.
         */
        p_value: number;
        /**
         * Format: double
         * @description Share of the outcome's variation explained, of linear estimators.
         */
        r_squared?: number | null;
        /**
         * Format: double
         * @description Standard deviation of the residuals, of linear estimators.
         */
        residual_standard_deviation?: number | null;
        /**
         * Format: uint64
         * @description Rows used.
         */
        rows: number;
        /**
         * Format: double
         * @description Its standard error.
         */
        standard_error: number;
        /**
         * Format: double
         * @description Estimate over standard error.
         */
        statistic: number;
        /** @description What weighting did, of weighting estimators. */
        weighting?: {
          /**
           * Format: double
           * @description What the control rows are worth.
           */
          effective_control_rows: number;
          /**
           * Format: double
           * @description What the treated rows are worth after weighting (Kish 1965).
           */
          effective_treated_rows: number;
          /**
           * Format: double
           * @description Largest share of an arm's weight that one row carries.
           */
          largest_weight_share: number;
          /**
           * Format: uint64
           * @description Control rows left out by trimming.
           */
          trimmed_control: number;
          /**
           * Format: uint64
           * @description Treated rows left out by trimming.
           */
          trimmed_treated: number;
        } | null;
      }[];
      /** @description Which of `estimates` the four numbers above are. */
      estimator:
        | "difference_in_means"
        | "regression_adjustment"
        | "ancova"
        | "change_score"
        | "inverse_propensity_weighting"
        | "propensity_matching"
        | "mahalanobis_matching"
        | "aipw_linear"
        | "aipw_boosted"
        | "partially_linear"
        | "partially_linear_boosted"
        | "two_by_two"
        | "two_way_fixed_effects"
        | "callaway_santanna";
      /** @description "no red flags found", or "red flags: " and what they are. */
      finding: string;
      /** @description Its confidence interval. */
      interval: {
        /**
         * Format: double
         * @description Confidence level, as 0.95.
         */
        confidence_level: number;
        /**
         * Format: double
         * @description Lower end.
         */
        lower: number;
        /**
         * Format: double
         * @description Upper end.
         */
        upper: number;
      };
      /** @description Effects on outcomes that the treatment cannot have moved. */
      negative_controls: {
        /**
         * Format: double
         * @description Adjusted by Holm for all negative controls.
         */
        adjusted_p_value: number;
        /** @description Whether it is the outcome before the treatment. */
        baseline: boolean;
        /**
         * Format: double
         * @description The effect; it should be none.
         */
        estimate: number;
        /** @description The estimator: that of the head where it can be had, else regression adjustment. */
        estimator:
          | "difference_in_means"
          | "regression_adjustment"
          | "ancova"
          | "change_score"
          | "inverse_propensity_weighting"
          | "propensity_matching"
          | "mahalanobis_matching"
          | "aipw_linear"
          | "aipw_boosted"
          | "partially_linear"
          | "partially_linear_boosted"
          | "two_by_two"
          | "two_way_fixed_effects"
          | "callaway_santanna";
        /** @description The finding in a sentence. */
        finding: string;
        /** @description Whether it is a red flag. */
        flagged: boolean;
        /** @description Confidence interval. */
        interval: {
          /**
           * Format: double
           * @description Confidence level, as 0.95.
           */
          confidence_level: number;
          /**
           * Format: double
           * @description Lower end.
           */
          lower: number;
          /**
           * Format: double
           * @description Upper end.
           */
          upper: number;
        };
        /** @description The outcome. */
        outcome: string;
        /**
         * Format: double
         * @description Probability of an effect at least this large if there were none.
         */
        p_value: number;
        /**
         * Format: double
         * @description Its standard error.
         */
        standard_error: number;
      }[];
      /** @description Estimators that apply and gave no estimate, with the reason. */
      not_computed: {
        /** @description The estimator. */
        estimator:
          | "difference_in_means"
          | "regression_adjustment"
          | "ancova"
          | "change_score"
          | "inverse_propensity_weighting"
          | "propensity_matching"
          | "mahalanobis_matching"
          | "aipw_linear"
          | "aipw_boosted"
          | "partially_linear"
          | "partially_linear_boosted"
          | "two_by_two"
          | "two_way_fixed_effects"
          | "callaway_santanna";
        /** @description Why, and what to do. */
        reason: string;
      }[];
      /** @description Whether the arms have comparable rows; for two arms with covariates. */
      overlap?: {
        /** @description Standardized mean differences after weighting; flagged above 0.1. Those before are the diagnostics' balance. */
        balance_after: {
          /** @description The covariate. */
          covariate: string;
          /** @description Whether it is above the threshold. */
          flagged: boolean;
          /** @description The level, for a category. */
          level?: string | null;
          /**
           * Format: double
           * @description Standardized mean difference, or correlation with a continuous treatment.
           */
          value: number;
        }[];
        /** @description The control arm. */
        control: {
          /**
           * Format: double
           * @description What the rows are worth after weighting (Kish 1965).
           */
          effective_rows: number;
          /**
           * Format: double
           * @description Share of rows with a propensity below 0.1 or above 0.9.
           */
          extreme_share: number;
          /** @description Rows in each of forty equal bars of propensities from 0 to 1. */
          histogram: number[];
          /**
           * Format: double
           * @description Share of rows outside the common support.
           */
          outside_share: number;
          /**
           * Format: uint64
           * @description Rows.
           */
          rows: number;
        };
        /** @description The broken rules in sentences; empty when there are none. */
        findings: string[];
        /** @description Whether any rule is broken. */
        flagged: boolean;
        /**
         * Format: double
         * @description Lower end of the common support.
         */
        support_lower: number;
        /**
         * Format: double
         * @description Upper end of the common support; below the lower one when the arms do not meet.
         */
        support_upper: number;
        /** @description The treated arm. */
        treated: {
          /**
           * Format: double
           * @description What the rows are worth after weighting (Kish 1965).
           */
          effective_rows: number;
          /**
           * Format: double
           * @description Share of rows with a propensity below 0.1 or above 0.9.
           */
          extreme_share: number;
          /** @description Rows in each of forty equal bars of propensities from 0 to 1. */
          histogram: number[];
          /**
           * Format: double
           * @description Share of rows outside the common support.
           */
          outside_share: number;
          /**
           * Format: uint64
           * @description Rows.
           */
          rows: number;
        };
      } | null;
      /**
       * Format: double
       * @description Probability of an estimate at least this far from zero if there were no effect.
       */
      p_value: number;
      /** @description With unit and time, or time alone: what before and after say. */
      panel?:
        | (
            | {
                /** @description The value that stands for after. */
                after: string;
                /** @description The value of time that stands for before. */
                before: string;
                /** @description Mean outcome of the comparison group, before and after. */
                comparison_means: number[];
                /** @description Rows of the comparison group, before and after. */
                comparison_rows: number[];
                /** @constant */
                kind: "two_times";
                /** @description Mean outcome of the treated group, before and after. */
                treated_means: number[];
                /** @description Rows of the treated group, before and after. */
                treated_rows: number[];
              }
            | {
                /** @description Whether every unit has a row in every period. */
                balanced: boolean;
                /** @description Effects by cohort. */
                by_cohort: {
                  /**
                   * Format: double
                   * @description The effect.
                   */
                  estimate: number;
                  /** @description Confidence interval. */
                  interval: {
                    /**
                     * Format: double
                     * @description Confidence level, as 0.95.
                     */
                    confidence_level: number;
                    /**
                     * Format: double
                     * @description Lower end.
                     */
                    lower: number;
                    /**
                     * Format: double
                     * @description Upper end.
                     */
                    upper: number;
                  };
                  /** @description Start of the cohort, or the period. */
                  label: string;
                  /**
                   * Format: double
                   * @description Its standard error.
                   */
                  standard_error: number;
                }[];
                /** @description Effects by period. */
                by_period: {
                  /**
                   * Format: double
                   * @description The effect.
                   */
                  estimate: number;
                  /** @description Confidence interval. */
                  interval: {
                    /**
                     * Format: double
                     * @description Confidence level, as 0.95.
                     */
                    confidence_level: number;
                    /**
                     * Format: double
                     * @description Lower end.
                     */
                    lower: number;
                    /**
                     * Format: double
                     * @description Upper end.
                     */
                    upper: number;
                  };
                  /** @description Start of the cohort, or the period. */
                  label: string;
                  /**
                   * Format: double
                   * @description Its standard error.
                   */
                  standard_error: number;
                }[];
                /** @description What errors are clustered by. */
                cluster: string;
                /**
                 * Format: uint64
                 * @description Clusters.
                 */
                clusters: number;
                /** @description Treated units by their start. */
                cohorts: {
                  /**
                   * Format: uint64
                   * @description Periods before the start.
                   */
                  periods_before: number;
                  /** @description The first treated period. */
                  start: string;
                  /**
                   * Format: uint64
                   * @description Units.
                   */
                  units: number;
                }[];
                /**
                 * @description Effects by periods since the start, for a plot: of group-time effects where they could be had, else of two-way
                 *     fixed effects.
                 */
                event_study: {
                  /** @description Its part of a band that holds for all event times at once. */
                  band?: {
                    /**
                     * Format: double
                     * @description Confidence level, as 0.95.
                     */
                    confidence_level: number;
                    /**
                     * Format: double
                     * @description Lower end.
                     */
                    lower: number;
                    /**
                     * Format: double
                     * @description Upper end.
                     */
                    upper: number;
                  } | null;
                  /**
                   * Format: double
                   * @description The effect; before the start it should be none.
                   */
                  estimate: number;
                  /**
                   * Format: int64
                   * @description Periods since the start; negative before it.
                   */
                  event_time: number;
                  /** @description Confidence interval of this effect alone. */
                  interval?: {
                    /**
                     * Format: double
                     * @description Confidence level, as 0.95.
                     */
                    confidence_level: number;
                    /**
                     * Format: double
                     * @description Lower end.
                     */
                    lower: number;
                    /**
                     * Format: double
                     * @description Upper end.
                     */
                    upper: number;
                  } | null;
                  /** @description Whether it is the reference, zero by definition. */
                  reference: boolean;
                  /**
                   * Format: double
                   * @description Its standard error; none for the reference.
                   */
                  standard_error?: number | null;
                }[];
                /** @description Which of the two `event_study` is. */
                event_study_estimator?:
                  | (
                      | "difference_in_means"
                      | "regression_adjustment"
                      | "ancova"
                      | "change_score"
                      | "inverse_propensity_weighting"
                      | "propensity_matching"
                      | "mahalanobis_matching"
                      | "aipw_linear"
                      | "aipw_boosted"
                      | "partially_linear"
                      | "partially_linear_boosted"
                      | "two_by_two"
                      | "two_way_fixed_effects"
                      | "callaway_santanna"
                    )
                  | null;
                /** @constant */
                kind: "panel";
                /**
                 * Format: uint64
                 * @description Units never treated within the panel.
                 */
                never_treated_units: number;
                /** @description Periods, in order. */
                periods: string[];
                /** @description A start pretended before the first real one. */
                placebo_in_time?: {
                  /**
                   * Format: double
                   * @description The effect found; it should be none.
                   */
                  estimate: number;
                  /** @description The finding in a sentence. */
                  finding: string;
                  /** @description Whether it is a red flag. */
                  flagged: boolean;
                  /**
                   * Format: double
                   * @description Probability of an effect at least this large if there were none.
                   */
                  p_value: number;
                  /**
                   * Format: double
                   * @description Its standard error.
                   */
                  standard_error: number;
                  /** @description The pretended start. */
                  start: string;
                } | null;
                /** @description Joint test that effects before the start are zero; absent without enough periods before it. */
                pre_trend?: {
                  /**
                   * Format: double
                   * @description Degrees of freedom of the denominator.
                   */
                  denominator_degrees_of_freedom: number;
                  /** @description The finding in a sentence. */
                  finding: string;
                  /** @description Whether it is a red flag. */
                  flagged: boolean;
                  /**
                   * Format: double
                   * @description Coefficients tested.
                   */
                  numerator_degrees_of_freedom: number;
                  /**
                   * Format: double
                   * @description Probability of trends at least this far apart if they were parallel.
                   */
                  p_value: number;
                  /**
                   * Format: double
                   * @description Wald statistic over its degrees of freedom.
                   */
                  statistic: number;
                } | null;
                /**
                 * Format: uint64
                 * @description Rows that a balanced panel would have besides.
                 */
                rows_lacking: number;
                /** @description Whether there is more than one start. */
                staggered: boolean;
                /** @description How far trends may have parted. */
                trend_breakdown?: {
                  /**
                   * Format: double
                   * @description How many times that in each period after the start brings the interval to zero; 0 when it includes zero already.
                   */
                  breakdown: number;
                  /** @description The finding in a sentence. */
                  finding: string;
                  /**
                   * Format: double
                   * @description Largest change of the trends' difference from one period to the next before the start, in size.
                   */
                  largest_before: number;
                } | null;
                /** @description How the two-way fixed effects weigh, where starts are staggered. */
                two_way_weights?: {
                  /**
                   * Format: double
                   * @description Weight of comparisons with units already treated (Goodman-Bacon 2021); absent with gaps or covariates.
                   */
                  forbidden_weight?: number | null;
                  /**
                   * Format: uint64
                   * @description Treated rows with a negative weight (de Chaisemartin and D'Haultfoeuille 2020).
                   */
                  negative_rows: number;
                  /**
                   * Format: double
                   * @description The sum of the negative weights; all weights sum to one.
                   */
                  negative_sum: number;
                  /**
                   * Format: uint64
                   * @description Treated rows.
                   */
                  treated_rows: number;
                } | null;
                /**
                 * Format: uint64
                 * @description Units used.
                 */
                units: number;
                /**
                 * Format: uint64
                 * @description Units left out because they were treated from the first period on.
                 */
                units_left_out: number;
                /** @description The estimate without each cohort. */
                without_cohort: {
                  /**
                   * Format: double
                   * @description The estimate without it; absent where it cannot be computed.
                   */
                  estimate?: number | null;
                  /** @description Whether it lies over three standard errors from the whole, or changes its sign. */
                  flagged: boolean;
                  /** @description Start of the cohort left out. */
                  start: string;
                }[];
              }
          )
        | null;
      /**
       * Causal impact
       * @description The parameters, defaults filled in.
       */
      parameters: {
        /**
         * Outcome before
         * @description The outcome before the treatment. It makes a before-and-after analysis, and is the first negative control: a
         *     treatment cannot have moved what was before it.
         * @default null
         */
        baseline?: string | null;
        /**
         * Caliper
         * Format: double
         * @description Furthest match: in standard deviations of the log odds, or of the Mahalanobis distance. Without it any distance.
         * @default null
         */
        caliper?: number | null;
        /**
         * Covariates that are categories
         * @description Those of the covariates whose numbers are codes of categories (a shop's number, a region's code).
         * @default []
         */
        categorical?: string[];
        /**
         * Cluster
         * @description The column that names groups whose rows are not independent (clinic, shop, person measured often). A panel's own
         *     units are clusters unless another column is given.
         * @default null
         */
        cluster?: string | null;
        /**
         * Comparison units
         * @description Whom treated units of a panel are compared with.
         * @default auto
         */
        comparison_units?: "auto" | "never_treated" | "not_yet_treated";
        /**
         * Confidence level
         * Format: double
         * @description Confidence level of intervals.
         * @default 0.95
         */
        confidence_level?: number;
        /**
         * Control value
         * @description Which value the others are compared with, for a treatment of several values: each other value is an arm.
         * @default null
         */
        control_value?: string | null;
        /**
         * Cost of the treatment in all
         * Format: double
         * @description What the treatment cost in all, in the same money. With it the result says the return on it.
         * @default null
         */
        cost?: number | null;
        /**
         * Covariates
         * @description Columns to hold fixed: what may have moved both treatment and outcome, measured before the treatment. Text
         *     columns enter as categories.
         * @default []
         */
        covariates?: string[];
        /**
         * Design
         * @description Whether the treatment was assigned by chance. It decides the estimators, the checks and the words.
         * @default observational
         */
        design?: "randomised" | "observational";
        /**
         * Estimate at the head
         * @description Which estimate stands at the head of the result. Without it the one that asks least of the data.
         * @default null
         */
        estimator?:
          | (
              | "difference_in_means"
              | "regression_adjustment"
              | "ancova"
              | "change_score"
              | "inverse_propensity_weighting"
              | "propensity_matching"
              | "mahalanobis_matching"
              | "aipw_linear"
              | "aipw_boosted"
              | "partially_linear"
              | "partially_linear_boosted"
              | "two_by_two"
              | "two_way_fixed_effects"
              | "callaway_santanna"
            )
          | null;
        /**
         * Estimators
         * @description Which estimators to run. None chosen: a sensible set for the roles given.
         * @default []
         */
        estimators?: (
          | "difference_in_means"
          | "regression_adjustment"
          | "ancova"
          | "change_score"
          | "inverse_propensity_weighting"
          | "propensity_matching"
          | "mahalanobis_matching"
          | "aipw_linear"
          | "aipw_boosted"
          | "partially_linear"
          | "partially_linear_boosted"
          | "two_by_two"
          | "two_way_fixed_effects"
          | "callaway_santanna"
        )[];
        /**
         * Planned share of treated
         * Format: double
         * @description For a randomised design: the planned share of treated rows, as 0.5. The split is tested only when it is given.
         * @default null
         */
        expected_treated_share?: number | null;
        /**
         * Fold column
         * @description A column that numbers the folds, so that another program can use the same.
         * @default null
         */
        fold_column?: string | null;
        /**
         * Folds
         * Format: uint32
         * @description Folds of the cross-fitted estimators.
         * @default 5
         */
        folds?: number;
        /**
         * Gaps in the panel
         * @description What to do with units of a panel that lack periods.
         * @default refuse
         */
        gaps?: "refuse" | "keep";
        /**
         * Matches
         * Format: uint32
         * @description Matches of each row, of the matching estimators.
         * @default 1
         */
        matches?: number;
        /**
         * Missing values
         * @description What to do with rows that lack a value in one of these columns.
         * @default refuse
         */
        missing?: "refuse" | "drop_rows";
        /**
         * Negative controls
         * @description Outcomes that the treatment cannot have moved. An effect on one of them is a sign of confounding.
         * @default []
         */
        negative_controls?: string[];
        /**
         * Value that means never treated
         * @description A value of the start that stands for never, as 0 often does.
         * @default null
         */
        never_treated_value?: string | null;
        /**
         * Outcome
         * @description The column that the treatment may have moved. Numbers.
         */
        outcome: string;
        /**
         * Time for refuters (s)
         * Format: uint32
         * @description What the refuters may take together, in seconds of a usual machine. Costly ones then do fewer simulations, or
         *     work on part of the rows, and say so. The same budget gives the same simulations on any machine.
         * @default 60
         */
        refuter_budget_s?: number;
        /**
         * Match with replacement
         * @description Whether a row may be the match of several.
         * @default true
         */
        replacement?: boolean;
        /**
         * Seed
         * Format: uint64
         * @description Same seed, same folds and simulations.
         * @default 1
         */
        seed?: number;
        /**
         * Simulations
         * Format: uint32
         * @description Simulations of each refuter.
         * @default 100
         */
        simulations?: number;
        /**
         * Squared covariates
         * @description Those of the covariates whose square enters too, for a relation that bends.
         * @default []
         */
        squared?: string[];
        /**
         * Standard error
         * @description Which standard error of the linear estimators.
         * @default auto
         */
        standard_error?: "auto" | "classical" | "hc1" | "hc2" | "hc3" | "cluster";
        /**
         * Whose effect
         * @description Whose average effect is asked for.
         * @default everybody
         */
        target?: "everybody" | "treated";
        /**
         * Time
         * @description When. Without a unit: a column of two values, before and after, of two groups.
         * @default null
         */
        time?: string | null;
        /**
         * Units treated from the start
         * @description What to do with units of a panel that are treated from its first period on.
         * @default refuse
         */
        treated_from_start?: "refuse" | "leave_out";
        /**
         * Treated value
         * @description Which of the two values means treated. Without it the higher number, or the later word in alphabetical order.
         * @default null
         */
        treated_value?: string | null;
        /**
         * Treatment
         * @description The column that says who was treated, or how much. Two values (numbers or words) make two arms; more words make
         *     arms that are each compared with `control_value`; more numbers are an amount, and the effect is then per unit. In
         *     a panel 0 before and 1 from the start on (or give `treatment_start` instead); with `time` alone, the group.
         * @default null
         */
        treatment?: string | null;
        /**
         * Start of the treatment
         * @description The first treated period of each unit, instead of a treatment of 0 and 1. No value means never.
         * @default null
         */
        treatment_start?: string | null;
        /**
         * Trim propensities below
         * Format: double
         * @description Leaves rows out of the weighting whose propensity is below this, or above one minus this (Crump et al. advise
         *     0.1). The effect then speaks for the rows left.
         * @default null
         */
        trim?: number | null;
        /**
         * Unit
         * @description Who is followed over time, in long data (one row a unit and period).
         * @default null
         */
        unit?: string | null;
        /**
         * Value of one unit of the outcome
         * Format: double
         * @description What one unit of the outcome is worth, in money. With it the result says what the effect is worth.
         * @default null
         */
        value_per_unit?: number | null;
      };
      /** @description What a reader must know before using the number. */
      red_flags: {
        /** @description Which check raised it, as `balance` or `bootstrap`. */
        check: string;
        /** @description What it found. */
        message: string;
      }[];
      /** @description One entry a refuter and estimator. */
      refutations: {
        /** @description The estimator it was put to. */
        estimator:
          | "difference_in_means"
          | "regression_adjustment"
          | "ancova"
          | "change_score"
          | "inverse_propensity_weighting"
          | "propensity_matching"
          | "mahalanobis_matching"
          | "aipw_linear"
          | "aipw_boosted"
          | "partially_linear"
          | "partially_linear_boosted"
          | "two_by_two"
          | "two_way_fixed_effects"
          | "callaway_santanna";
        /**
         * Format: uint64
         * @description Simulations that gave none.
         */
        failed_simulations: number;
        /** @description The finding in a sentence. */
        finding: string;
        /** @description Whether it is a red flag. */
        flagged: boolean;
        /** @description Bootstrap: interval from the bootstrap's standard deviation. */
        interval?: {
          /**
           * Format: double
           * @description Confidence level, as 0.95.
           */
          confidence_level: number;
          /**
           * Format: double
           * @description Lower end.
           */
          lower: number;
          /**
           * Format: double
           * @description Upper end.
           */
          upper: number;
        } | null;
        /**
         * Format: double
         * @description Mean of the simulated estimates.
         */
        mean: number;
        /** @description How it was drawn. */
        method: string;
        /**
         * Format: double
         * @description The estimate put to the test.
         */
        original: number;
        /**
         * Format: double
         * @description Between 0 and 1.
         */
        p_value: number;
        /** @description What the p-value is the probability of. */
        p_value_meaning: string;
        /**
         * Format: double
         * @description Placebo: how often a permuted treatment had an effect at least as large.
         */
        permutation_p_value?: number | null;
        /** @description The refuter. */
        refuter: "placebo_treatment" | "random_common_cause" | "data_subset" | "bootstrap";
        /**
         * Format: uint64
         * @description Rows (of a panel: units) of each simulation: fewer than the data have where the budget did not pay for all.
         */
        rows: number;
        /**
         * Format: double
         * @description Subset and bootstrap: share of simulations with the sign of the estimate.
         */
        same_sign_share?: number | null;
        /**
         * Format: uint64
         * @description Simulations that gave an estimate: fewer than asked for where the budget did not pay for all.
         */
        simulations: number;
        /**
         * Format: uint64
         * @description Simulations asked for.
         */
        simulations_asked: number;
        /**
         * Format: double
         * @description Their standard deviation.
         */
        standard_deviation: number;
        /** @description What it tests. */
        tests: string;
        /** @description The simulated estimates, for a histogram. */
        values: number[];
      }[];
      /**
       * Format: uint64
       * @description The seed of folds and simulations.
       */
      seed: number;
      /** @description Sensitivity to an unobserved confounder, one entry an estimator; empty for a randomised design. */
      sensitivity: {
        /**
         * Format: double
         * @description Significance level.
         */
        alpha: number;
        /** @description What a confounder as strong as each covariate, once, twice, three times, could do; of linear estimators. */
        benchmarks: {
          /**
           * Format: double
           * @description Largest bias.
           */
          bias: number;
          /** @description The covariate. */
          covariate: string;
          /**
           * Format: double
           * @description Estimate moved towards zero by the bias.
           */
          estimate: number;
          /**
           * Format: double
           * @description Lower end of its interval.
           */
          lower: number;
          /**
           * Format: double
           * @description Its standard error.
           */
          standard_error: number;
          /**
           * Format: double
           * @description How many times as strong.
           */
          strength: number;
          /**
           * Format: double
           * @description Upper end of its interval.
           */
          upper: number;
          /**
           * Format: double
           * @description Partial R² with the outcome.
           */
          with_outcome: number;
          /**
           * Format: double
           * @description Partial R² with the treatment.
           */
          with_treatment: number;
        }[];
        /** @description For a contour plot, of linear estimators. */
        contour?: {
          /** @description `estimates[outcome][treatment]`. */
          estimates: number[][];
          /** @description `statistics[outcome][treatment]`. */
          statistics: number[][];
          /** @description Partial R² with the outcome, ascending. */
          with_outcome: number[];
          /** @description Partial R² with the treatment, ascending. */
          with_treatment: number[];
        } | null;
        /**
         * Format: double
         * @description Residual degrees of freedom, of linear estimators.
         */
        degrees_of_freedom?: number | null;
        /** @description E-value, where it can be had. */
        e_value?: {
          /**
           * Format: double
           * @description Of the estimate.
           */
          estimate: number;
          /**
           * Format: double
           * @description Of the nearer end of the interval; 1 when the interval includes no effect.
           */
          interval: number;
          /** @description How it was found. */
          method: string;
          /**
           * Format: double
           * @description The risk ratio, or its approximation.
           */
          risk_ratio: number;
        } | null;
        /** @description The estimator it was put to. */
        estimator:
          | "difference_in_means"
          | "regression_adjustment"
          | "ancova"
          | "change_score"
          | "inverse_propensity_weighting"
          | "propensity_matching"
          | "mahalanobis_matching"
          | "aipw_linear"
          | "aipw_boosted"
          | "partially_linear"
          | "partially_linear_boosted"
          | "two_by_two"
          | "two_way_fixed_effects"
          | "callaway_santanna";
        /** @description The finding in a sentence. */
        finding: string;
        /** @description Whether it is a red flag. */
        flagged: boolean;
        /**
         * Format: double
         * @description Partial R² of the treatment with the outcome, of linear estimators.
         */
        partial_r2?: number | null;
        /**
         * Format: double
         * @description Partial R² with treatment and outcome alike that brings the estimate to zero (Cinelli and Hazlett 2020; for doubly
         *     robust estimators Chernozhukov et al. 2022). Absent for weighting and matching, which have the E-value alone.
         */
        robustness_value?: number | null;
        /**
         * Format: double
         * @description The same for making it insignificant at `alpha`.
         */
        robustness_value_alpha?: number | null;
        /** @description The covariate whose equal would move the estimate most. */
        strongest_covariate?: string | null;
        /** @description What it tests. */
        tests: string;
      }[];
      /**
       * Format: double
       * @description Its standard error.
       */
      standard_error: number;
      /** @description The result in plain sentences. */
      summary: string[];
      /** @description What was compared with what. */
      treatment:
        | {
            /** @description Value of the control arm. */
            control: string;
            /**
             * Format: uint64
             * @description Rows of the control arm.
             */
            control_rows: number;
            /** @constant */
            kind: "binary";
            /** @description Value of the treated arm. */
            treated: string;
            /**
             * Format: uint64
             * @description Rows of the treated arm.
             */
            treated_rows: number;
          }
        | {
            /** @description The arms with their rows, the control among them. */
            arms: {
              /** @description The value. */
              arm: string;
              /**
               * Format: uint64
               * @description Rows with it.
               */
              rows: number;
            }[];
            /** @description Value of the control. */
            control: string;
            /** @constant */
            kind: "arms";
          }
        | {
            /** @constant */
            kind: "adoption";
            /**
             * Format: uint64
             * @description Units that are treated within the panel.
             */
            treated_units: number;
            /**
             * Format: uint64
             * @description Units that are not.
             */
            untreated_units: number;
          }
        | {
            /** @constant */
            kind: "continuous";
            /**
             * Format: double
             * @description Mean.
             */
            mean: number;
            /**
             * Format: double
             * @description Standard deviation.
             */
            standard_deviation: number;
          };
      /** @description What computed it. */
      versions: {
        /**
         * Format: int32
         * @description Version of the agent.
         */
        agent: number;
        /** @description Version of the crate `causal`. */
        causal: string;
      };
      /** @description What a reader should know. */
      warnings: {
        /** @description What it is about, for programs, as `rows_dropped`. */
        code: string;
        /** @description The sentence. */
        message: string;
      }[];
      /** @description What the effect is worth, where a value was given. */
      worth?: {
        /** @description What that effect is, in words. */
        basis: string;
        /**
         * Format: double
         * @description The effect used: on the treated where it was estimated, else that at the head.
         */
        effect: number;
        /** @description The finding in a sentence. */
        finding: string;
        /**
         * Format: double
         * @description Units of the outcome gained through the treatment, over all treated rows.
         */
        incremental_units: number;
        /** @description Their interval. */
        incremental_units_interval: {
          /**
           * Format: double
           * @description Confidence level, as 0.95.
           */
          confidence_level: number;
          /**
           * Format: double
           * @description Lower end.
           */
          lower: number;
          /**
           * Format: double
           * @description Upper end.
           */
          upper: number;
        };
        /** @description Return, where a cost was given. */
        return_on_cost?: {
          /**
           * Format: double
           * @description The cost given.
           */
          cost: number;
          /**
           * Format: double
           * @description Value less cost.
           */
          net_value: number;
          /**
           * Format: double
           * @description Probability that the ratio is above 1, given the data and nothing else known before (a flat prior).
           */
          probability_above_one: number;
          /**
           * Format: double
           * @description Value over cost: above 1 the treatment earned more than it cost.
           */
          ratio: number;
          /** @description Its interval. */
          ratio_interval: {
            /**
             * Format: double
             * @description Confidence level, as 0.95.
             */
            confidence_level: number;
            /**
             * Format: double
             * @description Lower end.
             */
            lower: number;
            /**
             * Format: double
             * @description Upper end.
             */
            upper: number;
          };
        } | null;
        /**
         * Format: uint64
         * @description Rows (of a panel: unit-periods) that were treated, to which the effect is put.
         */
        treated_rows: number;
        /**
         * Format: double
         * @description Their value.
         */
        value: number;
        /** @description Its interval. */
        value_interval: {
          /**
           * Format: double
           * @description Confidence level, as 0.95.
           */
          confidence_level: number;
          /**
           * Format: double
           * @description Lower end.
           */
          lower: number;
          /**
           * Format: double
           * @description Upper end.
           */
          upper: number;
        };
      } | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
