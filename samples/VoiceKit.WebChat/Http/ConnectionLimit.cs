using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat.Http;

/// <summary>How many connections an address has at a time: it does not get all of them.</summary>
internal static class ConnectionLimit
{
    public static void LimitConnections(this KestrelServerOptions kestrel, FairPlaces places) =>
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => async connection =>
        {
            var address = RateLimits.AddressOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
            using var place = places.TryTake(address, connection.Abort, out _);
            if (place is null)
                connection.Abort(new ConnectionAbortedException("There are too many connections."));
            else
                await next(connection);
        }));
}
