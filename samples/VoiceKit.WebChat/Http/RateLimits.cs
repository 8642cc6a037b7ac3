using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;

namespace VoiceKit.WebChat.Http;

/// <summary>How many requests an address may make. What a room takes, the room says itself.</summary>
internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, ChatOptions options) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = static async (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time))
                {
                    var seconds = Math.Max(1, Math.Ceiling(time.TotalSeconds));
                    rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                }

                await Problems.Of(429, "Too many requests", "Too many requests come from your address. Wait a moment.")
                    .ExecuteAsync(rejected.HttpContext);
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetTokenBucketLimiter(AddressOf(context), _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = options.RequestsOfAddress.Burst,
                    TokensPerPeriod = Math.Max(1, options.RequestsOfAddress.PerSecond / 10),
                    ReplenishmentPeriod = TimeSpan.FromSeconds(options.RequestsOfAddress.PerSecond < 10
                        ? 1.0 / options.RequestsOfAddress.PerSecond
                        : 0.1),
                    QueueLimit = 0,
                }));
        });

    /// <summary>
    /// Where a request comes from. One line has as many IPv6 addresses as it likes, all with the same first 64 bits.
    /// </summary>
    public static string AddressOf(HttpContext context) => AddressOf(context.Connection.RemoteIpAddress);

    /// <summary>What one line has of addresses, as one.</summary>
    public static string AddressOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.GetAddressBytes() is { Length: 16 } bytes ? Convert.ToHexString(bytes, 0, 8) : address.ToString();
    }
}
