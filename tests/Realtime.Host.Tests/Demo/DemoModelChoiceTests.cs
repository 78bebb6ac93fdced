using Realtime.Host.Demo;

namespace Realtime.Host.Tests.Demo;

public sealed class DemoModelChoiceTests
{
    [Theory]
    [InlineData("possm", false, true, false, true, false)]
    [InlineData("poyo", true, true, false, true, false)]
    [InlineData("poyo", true, true, true, false, true)]
    [InlineData("possm", true, false, true, false, true)]
    [InlineData("kalman", true, true, false, false, false)]
    [InlineData("wiener", false, false, false, false, false)]
    public void Weights_are_bundled_fitted_or_at_express_wish_random(string kind, bool named, bool bundled, bool random, bool calibrates, bool isRandom)
    {
        var choice = DemoModelChoice.Of(kind, named, bundled, random);
        Assert.Equal((kind, calibrates, isRandom), (choice.Kind, choice.Calibrates, choice.Random));
        Assert.Equal(!named && !bundled, choice.Note?.Contains("no bundled weights") == true);
    }

    [Theory]
    [InlineData("possm", true, false, false, "--random-weights")]
    [InlineData("wiener", true, true, true, "for transformers")]
    [InlineData("possm", false, true, true, "--model possm or poyo")]
    public void What_cannot_be_had_is_told_with_what_can(string kind, bool named, bool bundled, bool random, string text)
    {
        var problem = Assert.Throws<UserErrorException>(() => DemoModelChoice.Of(kind, named, bundled, random));
        Assert.Equal(ExitCode.Usage, problem.ExitCode);
        Assert.Contains(text, problem.Message);
    }
}
