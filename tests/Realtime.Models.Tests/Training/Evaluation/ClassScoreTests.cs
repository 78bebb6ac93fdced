using Realtime.Models.Scores;

namespace Realtime.Models.Tests.Training.Evaluation;

public sealed class ClassScoreTests
{
    [Fact]
    public void Few_values_of_both_signs_are_judged_by_side_and_by_class()
    {
        var scores = new ScoreAccumulator([new("difference", "1")], [0.1]);
        foreach (var (prediction, target) in new[]
        {
            (0.9f, 1.0), (0.4f, 1), (-0.1f, 1), (-0.8f, -1), (0.2f, -1), (0.1f, 0), (-0.6f, 0), (0, 1),
        }) scores.Append([prediction], [target]);
        var own = scores.Scores()["difference"];

        // Sides: 6 unequal trials right in 3 (0 is no side); classes -1, 0, 1: right in 0.9, -0.8, 0.1.
        Assert.Equal(3 / 6.0, own["sign_accuracy"]);
        Assert.Equal(6, own["sign_pairs"]);
        Assert.Equal(4 / 6.0, own["majority_sign"]);
        Assert.Equal(4 / 6.0, own["constant_sign_accuracy"]);
        Assert.Equal(3 / 8.0, own["class_accuracy"]);
        Assert.Equal(2 / 8.0, own["constant_class_accuracy"]);
    }

    [Fact]
    public void Continuous_targets_have_no_such_scores_and_targets_of_one_sign_no_side()
    {
        var random = new Random(1);
        var scores = new ScoreAccumulator([new("v", "1"), new("contrast", "1"), new("fixed", "1")]);
        for (var i = 0; i < 100; i++) scores.Append([1, 1, 1], [random.NextDouble() - 0.5, i % 4 * 0.25, 3]);
        Assert.DoesNotContain(scores.Scores()["v"].Keys, key => key.Contains("class") || key.Contains("sign"));
        Assert.DoesNotContain(scores.Scores()["fixed"].Keys, key => key.Contains("class"));
        Assert.Equal(0.25, scores.Scores()["contrast"]["class_accuracy"]);
        Assert.DoesNotContain(scores.Scores()["contrast"].Keys, key => key.Contains("sign"));
        var few = new ScoreAccumulator([new("v", "1")]);
        for (var i = 0; i < 10; i++) few.Append([1], [random.NextDouble() - 0.5]);
        Assert.DoesNotContain(few.Scores()["v"].Keys, key => key.Contains("class"));
    }
}
